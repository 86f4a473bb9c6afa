namespace ChangeFeed.Migration.Tests.Support;

/// <summary>Something that runs until it is disposed, and whose failure is the test's.</summary>
public sealed class Background : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TwoStores.Stop);
    private readonly Task _run;

    public Background(Func<CancellationToken, Task> run) => _run = Task.Run(() => run(_stop.Token));

    public Task EndedAsync() => _run.WaitAsync(TimeSpan.FromSeconds(30), TwoStores.Stop);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
            // As it was told.
        }

        _stop.Dispose();
    }
}
