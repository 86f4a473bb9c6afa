using ChangeFeed.MassTransit.Handling;

namespace ChangeFeed.MassTransit.DeadLetters;

/// <summary>
/// Carries out what was asked for a parked stream. Runs in the stream's own lane, so events that arrive meanwhile wait behind it; each
/// letter is settled as it is done, so that a crash in the middle continues where it was.
/// </summary>
/// <param name="store">The letters.</param>
/// <param name="parking">What is known about parked streams.</param>
/// <param name="consume">Hands what a letter is about to the consumers; null when they are done.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestRunner(
    IDeadLetterStore store, Parking parking, Func<DeadLetter, CancellationToken, Task<HandlingFailure?>> consume, TimeProvider time)
{
    private const string NotParked = "The stream is not parked.";

    public async Task<DeadLetterRequest> RunAsync(DeadLetterRequest asked, CancellationToken cancellationToken)
    {
        var request = await RefreshAsync(asked, cancellationToken);
        if (request.Status != DeadLetterRequestStatus.Open)
            return request;

        var settled = 0;
        while (true)
        {
            var stream = await store.ReadStreamAsync(request.StreamId, cancellationToken);
            if (stream is not { Status: ParkedStreamStatus.Parked })
                return await FinishAsync(
                    request, DeadLetterRequestStatus.Done, settled, settled == 0 ? NotParked : "All waiting events are settled.", cancellationToken);

            var waiting = await store.WaitingAsync(request.StreamId, cancellationToken);
            var wanted = waiting.Where(letter => request.Version is null || letter.Version == request.Version).ToList();
            foreach (var letter in wanted)
            {
                if (await SettleAsync(letter, request, cancellationToken) is { } failure)
                    return await FinishAsync(
                        request, DeadLetterRequestStatus.Failed, settled, $"Version {letter.Version} failed again: {failure.Exception.Message}",
                        cancellationToken);
                settled++;
            }

            var left = waiting.Count - wanted.Count;
            if (left > 0 && wanted.Count == 0)
                return await FinishAsync(
                    request, settled > 0 ? DeadLetterRequestStatus.Done : DeadLetterRequestStatus.Failed, settled, settled > 0
                    ? $"{left} events still wait." : $"No event of version {request.Version} waits.", cancellationToken);
            if (wanted.Count > 0)
                continue; // look again: others may have queued behind them

            // Nothing waits. Should one have queued since the stream was read, the store refuses.
            if (await store.TryReplaceAsync(
                stream with { Status = ParkedStreamStatus.Free, Waiting = 0, FreedAt = time.GetUtcNow(), Ttl = parking.SettledTtl }, cancellationToken))
                parking.Free(request.StreamId);
        }
    }

    /// <summary>Answers a request for a stream that is not parked, which needs no lane: anyone may.</summary>
    public async Task AnswerNotParkedAsync(DeadLetterRequest asked, CancellationToken cancellationToken)
    {
        var request = await RefreshAsync(asked, cancellationToken);
        if (request.Status == DeadLetterRequestStatus.Open)
            await FinishAsync(request, DeadLetterRequestStatus.Done, 0, NotParked, cancellationToken);
    }

    // The news of a request may be older than its end.
    private async Task<DeadLetterRequest> RefreshAsync(DeadLetterRequest request, CancellationToken cancellationToken) =>
        await store.ReadRequestAsync(request.Id, cancellationToken)
            ?? request with { Status = DeadLetterRequestStatus.Failed, Outcome = "The request was deleted." };

    private async Task<HandlingFailure?> SettleAsync(DeadLetter letter, DeadLetterRequest request, CancellationToken cancellationToken)
    {
        var failure = request.Action == DeadLetterAction.Replay ? await consume(letter, cancellationToken) : null;
        var now = time.GetUtcNow();
        var after = failure is null
            ? letter with
            {
                Status = request.Action == DeadLetterAction.Replay ? DeadLetterStatus.Replayed : DeadLetterStatus.Discarded,
                SettledAt = now,
                SettledBy = request.By,
                Reason = request.Reason,
                Ttl = parking.SettledTtl,
            }
            : letter with { Error = DeadLetterError.From(failure.Exception), Attempts = letter.Attempts + failure.Attempts, FailedAt = now };
        // Refused only when another instance took this one's place and settled it: the next look shows it.
        await store.TryReplaceAsync(after, cancellationToken);
        return failure;
    }

    private async Task<DeadLetterRequest> FinishAsync(
        DeadLetterRequest request, DeadLetterRequestStatus status, int settled, string outcome, CancellationToken cancellationToken)
    {
        var finished = request with
        {
            Status = status,
            Outcome = DeadLetterError.Short(outcome, DeadLetterError.MaxMessage),
            Settled = settled,
            FinishedAt = time.GetUtcNow(),
            Ttl = parking.SettledTtl,
        };
        await store.TryReplaceAsync(finished, cancellationToken);
        return finished;
    }
}
