using System.Text.Json;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Pipeline;

/// <summary>The whole system, started by its app host on free ports and a directory of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Child _process;

    private AppHostProcess(Child process, IReadOnlyList<Resource> resources) => (_process, Resources) = (process, resources);

    public IReadOnlyList<Resource> Resources { get; }

    public static async Task<AppHostProcess> StartAsync(
        string directory, IReadOnlyDictionary<string, string> environment, CancellationToken stop)
    {
        var (program, arguments) = Repository.Command("ChangeFeed.AppHost");
        var process = Child.Start("app host", program,
            [.. arguments, "--data", directory, "--Ports:Emulator", "0", "--Ports:OrdersApi", "0", "--Ports:CustomerCare", "0"], environment, interruptToStop: true);
        try
        {
            return new AppHostProcess(process, await ResourcesAsync(process, Path.Combine(directory, "apphost.json"), stop));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Resource this[string name] => Resources.Single(r => r.Name == name);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>The launcher writes what runs where into a file; there is one only with the launcher, not with .NET Aspire itself.</summary>
    private static async Task<IReadOnlyList<Resource>> ResourcesAsync(Child process, string stateFile, CancellationToken stop)
    {
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < StartDeadline; await Task.Delay(100, stop))
        {
            if (process.HasExited)
                throw new BenchException($"The app host ended before everything was up. {process.LastLines}");
            if (File.Exists(stateFile) && JsonSerializer.Deserialize<HostState>(await File.ReadAllTextAsync(stateFile, stop), Json) is { State: "running" } state)
                return state.Resources;
        }

        throw new BenchException($"The system was not up within {StartDeadline.TotalSeconds:0} s. {process.LastLines}");
    }

    internal sealed record Resource(string Name, string? Url, int? Pid, string? LeasePrefix);

    private sealed record HostState(string State, IReadOnlyList<Resource> Resources);
}
