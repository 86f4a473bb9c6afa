using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace Orders.CustomerCare.DeadLetters.Batches;

/// <summary>
/// Carries batches on, whoever began them: a batch is a document, every step of it can be done twice without harm, and of two instances at
/// the same step one finds that the document has changed.
/// </summary>
internal sealed class BatchRunner(BatchStore store, ParkedOrders parked, DeadLetterClient deadLetters, TimeProvider time, ILogger<BatchRunner> logger)
    : BackgroundService
{
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);
    private const int AtOnce = 16;

    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>A batch was begun.</summary>
    public void Wake() => _wake.Release();

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = await TryRunAsync(stoppingToken);
            using var waited = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_wake.WaitAsync(waited.Token), Task.Delay(pause, time, waited.Token));
            await waited.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    /// <returns>How long to wait before the next step.</returns>
    private async Task<TimeSpan> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var running = await store.RunningAsync(cancellationToken);
            foreach (var batch in running)
                await StepAsync(batch, cancellationToken);
            return running.Count > 0 ? Busy : Idle;
        }
        catch (Exception e) when (
            e is CosmosException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            logger.LogWarning("Batches of dead letters cannot go on at the moment, trying again: {Problem}", e.Message);
            return AfterTrouble;
        }
    }

    private async Task StepAsync(BatchDocument found, CancellationToken cancellationToken)
    {
        var batch = found;
        for (var room = BatchDocument.MaxOpen - batch.Open.Count; room > 0 && batch.Services.Count > 0; room = BatchDocument.MaxOpen - batch.Open.Count)
            batch = batch.Take(await parked.NextAsync(batch.Filter, batch.Services[0], batch.After, room, cancellationToken), room);
        if (batch != found)
        {
            if (await store.TryReplaceAsync(batch with { UpdatedAt = batch.UpdatedAt ?? time.GetUtcNow() }, cancellationToken) is not { } stored)
                return;
            batch = stored;
        }

        var requests = new DeadLetterRequest[batch.Open.Count];
        await Parallel.ForAsync(
            0, requests.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, ct) =>
            requests[i] = await deadLetters.AskOnceAsync(batch.Id, batch.Open[i].Service, batch.Open[i].StreamId, batch.Action, batch.By, batch.Reason, ct));
        var after = batch.Note(requests, time.GetUtcNow());
        if (await store.TryReplaceAsync(after, cancellationToken) is not null && after.FinishedAt is not null)
            logger.LogInformation(
                "{Action} of {Total} parked orders by {By}: {Done} done, {Failed} failed", after.Action, after.Total, after.By, after.Done, after.Failed);
    }
}
