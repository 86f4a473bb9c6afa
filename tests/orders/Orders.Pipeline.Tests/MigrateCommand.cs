using System.Diagnostics;

namespace Orders.Pipeline.Tests;

/// <summary>The command as an operator gives it, on the accounts the system was told of.</summary>
internal static class MigrateCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Starts it; it may be killed.</summary>
    public static Process Start(RunningPipeline pipeline, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "migrate.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in pipeline.Environment)
            start.Environment[name] = value;
        start.Environment["ConnectionStrings__cosmos"] = pipeline.ConnectionString;
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end; what it said goes to the test's output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(RunningPipeline pipeline, params string[] arguments)
    {
        using var process = Start(pipeline, arguments);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Limit) + await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        TestContext.Current.TestOutputHelper?.WriteLine($"{DateTime.Now:HH:mm:ss} > migrate {string.Join(' ', arguments)}{Environment.NewLine}{text.Trim()}");
        return (process.ExitCode, text);
    }
}
