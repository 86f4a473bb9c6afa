using Microsoft.Extensions.Logging;

namespace ChangeFeed.Sinks.Writing;

/// <summary>Writes one batch: again where the outside takes nothing, and halved where it refuses something in it.</summary>
internal sealed class BatchWriter<TItem>(string name, ISink<TItem> sink, SinkOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Writes a batch.</summary>
    /// <returns>What each item failed with, in their order; null for those that are safe.</returns>
    public async Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<TItem> batch, CancellationToken cancellationToken)
    {
        var failures = new Exception?[batch.Count];
        await WriteAsync(batch, failures, cancellationToken);
        return failures;
    }

    private async Task WriteAsync(IReadOnlyList<TItem> batch, Memory<Exception?> failures, CancellationToken cancellationToken)
    {
        var failure = await TryAsync(batch, cancellationToken);
        if (failure is null)
            return;
        if (batch.Count == 1 || failure is SinkUnavailableException || cancellationToken.IsCancellationRequested)
        {
            failures.Span.Fill(failure);
            return;
        }

        logger.LogInformation("{Sink}: a batch of {Count} was refused and is halved: {Problem}", name, batch.Count, failure.Message);
        var half = batch.Count / 2;
        await WriteAsync([.. batch.Take(half)], failures[..half], cancellationToken);
        await WriteAsync([.. batch.Skip(half)], failures[half..], cancellationToken);
    }

    private async Task<Exception?> TryAsync(IReadOnlyList<TItem> batch, CancellationToken cancellationToken)
    {
        for (var (attempt, pause) = (1, options.FirstPause); ; attempt++, pause *= 2)
        {
            var failure = await OnceAsync(batch, cancellationToken);
            if (failure is not SinkUnavailableException || attempt == options.Attempts)
                return failure;
            logger.LogWarning("{Sink}: not available, tried again in {Pause}: {Problem}", name, pause, failure.Message);
            try
            {
                await Task.Delay(pause, time, cancellationToken);
            }
            catch (OperationCanceledException e)
            {
                return e;
            }
        }
    }

    private async Task<Exception?> OnceAsync(IReadOnlyList<TItem> batch, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.WriteTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // One that does not heed its token is not waited for: what it still writes is conditional.
            await sink.WriteAsync(batch, end.Token).WaitAsync(end.Token);
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new SinkUnavailableException($"Sink '{name}' did not answer within {options.WriteTimeout}, as WriteTimeout says.");
        }
        catch (Exception e) when (e.GetBaseException() is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return WithoutCancellation(e);
        }
        catch (Exception e)
        {
            return e;
        }
    }

    // MassTransit takes a failure that began with a cancellation, as that of a client that gave up, for one of the consumer: the event would
    // be tried a few times and then be put aside, and it is the outside that does not answer.
    private SinkUnavailableException WithoutCancellation(Exception e) =>
        new(e is OperationCanceledException ? $"Sink '{name}' gave up waiting: {e.Message}" : e.Message);
}
