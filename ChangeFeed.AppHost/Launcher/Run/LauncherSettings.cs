using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OrderPipeline.AppHost.Launcher;

/// <param name="DataDirectory">Where the launcher keeps its state file; the services keep their data there too.</param>
/// <param name="StartTimeout">How long everything together may take to become healthy.</param>
/// <param name="DashboardCommand">The Aspire command line tool that shows the telemetry; none when it was not asked for.</param>
sealed record LauncherSettings(string DataDirectory, TimeSpan StartTimeout, string? DashboardCommand)
{
    public static LauncherSettings From(IConfiguration configuration, string appHostDirectory) => new(
        Path.GetFullPath(configuration["data"] ?? Path.Combine(appHostDirectory, "..", ".data")),
        StartTimeoutOf(configuration["start-timeout"] ?? "120"),
        configuration["dashboard"] is "true" ? configuration["Dashboard:Command"] ?? "aspire" : null);

    static TimeSpan StartTimeoutOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new LaunchException($"start-timeout is '{text}': it must be a number of seconds.");
}
