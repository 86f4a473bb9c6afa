extern alias emulator;

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using emulator::ChangeFeed.Emulator;

namespace Orders.CustomerCare.Pages.Tests.Support;

/// <summary>Customer care as a process, on a store of its own, started from a directory that is not its own.</summary>
public sealed partial class CareProcess : IAsyncDisposable
{
    /// <summary>An operator's key.</summary>
    public const string Key = "a-key-of-the-browser-tests";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly EmulatorHost _store;
    private readonly Process _process;

    private CareProcess(EmulatorHost store, string program, string? environment)
    {
        _store = store;
        var start = new ProcessStartInfo("dotnet", [program])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        if (environment is not null)
            start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__cosmos"] = store.ConnectionString;
        start.Environment["CustomerCare__Key"] = Key; // without one it starts in development alone
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("Customer care has ended."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it answers.</summary>
    public Uri Address => _address.Task.Result;

    /// <param name="program">Its assembly.</param>
    /// <param name="environment">The name of the environment it is told; null for none.</param>
    public static async Task<CareProcess> StartAsync(string program, string? environment)
    {
        var store = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 }, TestContext.Current.CancellationToken);
        var care = new CareProcess(store, program, environment);
        try
        {
            await care._address.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
            return care;
        }
        catch (Exception e)
        {
            await care.DisposeAsync();
            throw new InvalidOperationException($"Customer care did not start:{Environment.NewLine}{string.Join(Environment.NewLine, care._output)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _store.DisposeAsync();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
            _address.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
