using Bench.Harness;
using Bench.Subjects;

namespace Bench.Pipeline.Peers;

/// <summary>The real system in both its shapes and the peer in both of its, side by side: those that are not measured cost next to nothing.</summary>
internal sealed class PeersSetup : IAsyncDisposable
{
    private readonly List<IOrderPipeline> _all = [];

    private PeersSetup(BenchOptions options) => Options = options;

    public BenchOptions Options { get; }

    public IReadOnlyList<IOrderPipeline> All => _all;

    /// <summary>Each worker a process.</summary>
    public IOrderPipeline Distributed => _all[0];

    public IOrderPipeline Compact => _all[1];

    public IReadOnlyList<IOrderPipeline> Ours => [Distributed, Compact];

    /// <summary>One process, four views: what the goals are measured against.</summary>
    public IOrderPipeline Peer => _all[2];

    /// <summary>Null where there is no PostgreSQL to run the peer on.</summary>
    public static string? Missing => Postgres.Installed is null ? "PostgreSQL is not installed (initdb is not found)" : null;

    public static async Task<PeersSetup> StartAsync(BenchOptions options, WorkDirectory directory, CancellationToken stop)
    {
        var setup = new PeersSetup(options);
        try
        {
            await setup.AddAsync("ours, a process each", name => RealSystem.StartAsync(name, directory.Sub("ours"), [], [], stop));
            await setup.AddAsync("ours, one process", name => RealSystem.StartAsync(name, directory.Sub("compact"), ["--topology=compact"], [], stop));
            await setup.AddAsync("peer, one process", name => PeerPipeline.StartAsync(name, directory.Sub("peer1"), PeerPipeline.OneProcess, 4, stop));
            await setup.AddAsync("peer, 7 processes", name => PeerPipeline.StartAsync(name, directory.Sub("peer7"), PeerPipeline.SevenProcesses, 4, stop));
            foreach (var pipeline in setup.All)
                await PipelineSetup.WarmAsync(pipeline, options, stop);
            return setup;
        }
        catch
        {
            await setup.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pipeline in _all)
            await pipeline.DisposeAsync();
    }

    private async Task AddAsync<T>(string name, Func<string, Task<T>> start)
        where T : IOrderPipeline
    {
        Progress.Say($"starting {name}");
        _all.Add(await start(name));
    }
}
