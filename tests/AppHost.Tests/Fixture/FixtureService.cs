using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>
/// A small web service. healthy-after=MS: answers 503 before; exit-after=MS: ends by itself, as it does after POST /exit;
/// exit-code=N, says=TEXT: how; deaf: does not end when asked to; environment: prints its environment.
/// </summary>
static class FixtureService
{
    public static async Task RunAsync(string[] args)
    {
        var options = args.Skip(1).Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => a.Length > 1 ? a[1] : "");
        var started = DateTimeOffset.UtcNow;
        var healthyAt = started + Milliseconds("healthy-after");
        Console.WriteLine("started");
        if (options.ContainsKey("environment"))
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables()) Console.WriteLine($"{variable.Key}={variable.Value}");

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (options.ContainsKey("deaf")) builder.Services.AddSingleton<IHostLifetime, Deaf>();
        await using var app = builder.Build();
        app.MapGet("/health", () =>
        {
            if (DateTimeOffset.UtcNow < healthyAt) return Results.StatusCode(503);
            Console.WriteLine("says it is healthy");
            return Results.Ok();
        });
        app.Lifetime.ApplicationStopped.Register(() => Console.WriteLine("stopped"));
        app.MapPost("/exit", () => { _ = ExitAsync(TimeSpan.FromMilliseconds(100)); });
        if (options.ContainsKey("exit-after")) _ = ExitAsync(Milliseconds("exit-after"));
        await app.RunAsync();

        async Task ExitAsync(TimeSpan after)
        {
            await Task.Delay(after);
            Console.WriteLine(options.GetValueOrDefault("says", "ending"));
            Environment.Exit(int.Parse(options.GetValueOrDefault("exit-code", "0"), CultureInfo.InvariantCulture));
        }

        TimeSpan Milliseconds(string option) =>
            TimeSpan.FromMilliseconds(int.Parse(options.GetValueOrDefault(option, "0"), CultureInfo.InvariantCulture));
    }

    sealed class Deaf : IHostLifetime
    {
        readonly PosixSignalRegistration _registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => c.Cancel = true);

        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            GC.KeepAlive(_registration);
            return Task.CompletedTask;
        }
    }
}
