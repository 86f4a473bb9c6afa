using System.Diagnostics;
using System.Text;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Tests;

/// <summary>The emulator as a process of its own, which can be killed.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private EmulatorProcess(Process process) => _process = process;

    public Uri Endpoint { get; private set; } = null!;

    public string ConnectionString => $"AccountEndpoint={Endpoint};AccountKey={EmulatorOptions.WellKnownKey}";

    /// <summary>Starts it and waits until it says where it listens.</summary>
    public static async Task<EmulatorProcess> StartAsync(params string[] arguments)
    {
        var emulator = new EmulatorProcess(Launch(arguments));
        emulator._process.ErrorDataReceived += (_, line) => emulator._errors.AppendLine(line.Data);
        emulator._process.BeginErrorReadLine();
        var first = await emulator._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        if (first is null)
            throw new InvalidOperationException($"The emulator did not start: {emulator._errors}");
        emulator.Endpoint = new(first.Split(' ')[2]);
        return emulator;
    }

    /// <summary>Runs it to its end and returns exit code and what it wrote to the error output.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, (await errors).Trim());
    }

    private static Process Launch(
        string[] arguments) =>
            Process.Start(
                new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "ChangeFeed.Emulator.dll"), .. arguments])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;

    public CosmosClient Connect() => new(ConnectionString, new CosmosClientOptions
    {
        ConnectionMode = ConnectionMode.Gateway,
        LimitToEndpoint = true,
        RequestTimeout = TimeSpan.FromSeconds(5),
    });

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        await ValueTask.CompletedTask;
    }
}
