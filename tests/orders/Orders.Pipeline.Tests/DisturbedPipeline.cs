namespace Orders.Pipeline.Tests;

/// <summary>
/// One running system for the tests that break it and let it recover: it has to survive all of them, one after the other. A test that
/// fails may leave it broken, so the next test gets a new one.
/// </summary>
public sealed class DisturbedPipeline : IAsyncDisposable
{
    private RunningPipeline? _pipeline;
    private bool _isInUse;

    /// <summary>Breaks the system while orders are placed, and checks the books once it has recovered.</summary>
    internal Task RunAsync(Func<RunningPipeline, Random, Task> disturb) =>
        UseAsync(pipeline => UnderLoad.RunAsync(pipeline, disturb));

    /// <summary>Hands out the system for a test that places its own orders.</summary>
    internal async Task UseAsync(Func<RunningPipeline, Task> test)
    {
        if (_isInUse && _pipeline is not null)
        {
            await _pipeline.DisposeAsync();
            _pipeline = null;
        }

        _isInUse = true;
        _pipeline ??= await RunningPipeline.StartWithQuickLeasesAsync();
        await test(_pipeline);
        _isInUse = false;
    }

    public ValueTask DisposeAsync() => _pipeline?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[CollectionDefinition(nameof(DisturbedPipeline))]
public sealed class DisturbedPipelineCollection : ICollectionFixture<DisturbedPipeline>;
