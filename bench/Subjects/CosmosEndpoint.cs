using Bench.Harness;

namespace Bench.Subjects;

/// <summary>A Cosmos DB endpoint running as a process of its own.</summary>
internal sealed class CosmosEndpoint(string name, string address, Child process) : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    public string Name => name;

    public string Address => address;

    public int Pid => process.Pid;

    /// <summary>The floor; without a file it does not wait for the disk.</summary>
    public static async Task<CosmosEndpoint> StartStubAsync(string name, string? file, CancellationToken stop)
    {
        var process = Child.StartRole(name, ["stub", "--port", "0", .. file is null ? Array.Empty<string>() : ["--durable", file]]);
        return new CosmosEndpoint(name, await process.ReadyAsync(StartDeadline, stop), process);
    }

    /// <summary>The embedded store on a directory; returns when it says that it is healthy.</summary>
    public static Task<CosmosEndpoint> StartEmulatorAsync(string name, string directory, CancellationToken stop) =>
        StartEmulatorAsync(name, directory, partitions: 4, stop);

    /// <summary>The same with so many physical partitions of a new container.</summary>
    public static async Task<CosmosEndpoint> StartEmulatorAsync(string name, string directory, int partitions, CancellationToken stop)
    {
        var port = LoopbackPort.Free();
        var (program, arguments) = Repository.Command("src/emulator/ChangeFeed.Emulator");
        var process = Child.Start(
            name, program, [.. arguments, "--port", $"{port}", "--data", directory, "--partitions", $"{partitions}"],
            new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Warning" }, interruptToStop: true);
        var endpoint = new CosmosEndpoint(name, $"http://127.0.0.1:{port}/", process);
        await Http.UntilHealthyAsync(new Uri($"{endpoint.Address}_emulator/health"), process, StartDeadline, stop);
        return endpoint;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
