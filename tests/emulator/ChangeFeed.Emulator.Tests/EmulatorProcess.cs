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

    public int Pid => _process.Id;

    public Uri Endpoint { get; private set; } = null!;

    public string ConnectionString => $"AccountEndpoint={Endpoint};AccountKey={EmulatorOptions.WellKnownKey}";

    /// <summary>Starts it and waits until it says where it listens.</summary>
    public static Task<EmulatorProcess> StartAsync(params string[] arguments) => StartAsync(["dotnet"], arguments);

    /// <summary>Starts it through other programs, the last of which is dotnet.</summary>
    public static async Task<EmulatorProcess> StartAsync(string[] dotnet, params string[] arguments)
    {
        var emulator = new EmulatorProcess(Launch(dotnet, arguments));
        emulator._process.ErrorDataReceived += (_, line) => emulator._errors.AppendLine(line.Data);
        emulator._process.BeginErrorReadLine();
        var first = await emulator._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        if (first is null)
            throw new InvalidOperationException($"The emulator did not start: {emulator._errors}");
        emulator.Endpoint = new(first.Split(' ')[2]);
        return emulator;
    }

    /// <summary>The next line it says.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))
            ?? throw new InvalidOperationException($"The emulator has ended: {_errors}");

    /// <summary>Runs it to its end and returns exit code and what it wrote to the error output.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(params string[] arguments)
    {
        var (code, _, errors) = await RunWithOutputAsync(arguments);
        return (code, errors);
    }

    public static async Task<(int ExitCode, string Output, string Errors)> RunWithOutputAsync(params string[] arguments)
    {
        using var process = Launch(["dotnet"], arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, output.Trim(), (await errors).Trim());
    }

    private static Process Launch(string[] dotnet, string[] arguments)
    {
        InterruptibleChildren.Enable();
        return Process.Start(
            new ProcessStartInfo(
                dotnet[0], [.. dotnet[1..], "exec", Path.Combine(AppContext.BaseDirectory, "ChangeFeed.Emulator.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
    }

    public CosmosClient Connect() => new(ConnectionString, new CosmosClientOptions
    {
        ConnectionMode = ConnectionMode.Gateway,
        LimitToEndpoint = true,
        RequestTimeout = TimeSpan.FromSeconds(5),
    });

    /// <summary>Stops it as Ctrl+C does.</summary>
    public async Task StopAsync()
    {
        using (var interrupt = Process.Start("kill", ["-INT", $"{Pid}"]))
            await interrupt.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _process.ExitCode.ShouldBe(0, _errors.ToString());
    }

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
