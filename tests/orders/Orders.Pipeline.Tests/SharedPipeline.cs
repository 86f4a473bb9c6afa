namespace Orders.Pipeline.Tests;

/// <summary>One running system for the tests that do not stop or break it: all workers in one process, because that starts twice as fast.</summary>
public sealed class SharedPipeline : IAsyncLifetime
{
    public RunningPipeline Pipeline { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Pipeline = await RunningPipeline.StartAsync(null, "--topology=compact");

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();
}

[CollectionDefinition(nameof(SharedPipeline))]
public sealed class SharedPipelineCollection : ICollectionFixture<SharedPipeline>;
