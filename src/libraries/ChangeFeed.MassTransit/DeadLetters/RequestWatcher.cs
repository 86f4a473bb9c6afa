using System.Collections.Concurrent;
using System.Text.Json;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Engine;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.DeadLetters;

/// <summary>
/// Learns from the dead-letter container's own change feed what is asked for parked streams, and has it done where this instance owns
/// the stream. Every instance sees every request; the lease decides who acts.
/// </summary>
internal sealed class RequestWatcher(
    string endpoint, EndpointEngine engine, IDeadLetterStore store, Parking parking, RequestRunner runner,
    Func<CancellationToken, Task<IReadOnlyList<JsonElement>>> readChanges, LeaseDirectory leases, StreamLocator locator, ILogger logger)
{
    private readonly ConcurrentDictionary<string, DeadLetterRequest> _open = new();
    private readonly ConcurrentDictionary<string, PartitionSession> _running = new();
    private bool _started;

    public async Task PollAsync(CancellationToken cancellationToken)
    {
        foreach (var change in await readChanges(cancellationToken))
            Note(change);
        if (!_started)
        {
            // After the place in the feed is noted, so that nothing falls between.
            foreach (var request in await store.OpenRequestsAsync(cancellationToken))
                _open[request.Id] = request;
            _started = true;
        }

        var waiting = _open.Values.Where(request => _running.GetValueOrDefault(request.Id)?.HasEnded ?? true).OrderBy(request => request.At).ToList();
        if (waiting.Count == 0)
            return;
        foreach (var request in waiting.ToList())
        {
            // Nothing to order it with, so anyone may answer; there may not even be such a stream.
            if (await store.ReadStreamAsync(request.StreamId, cancellationToken) is { Status: ParkedStreamStatus.Parked })
                continue;
            waiting.Remove(request);
            await runner.AnswerNotParkedAsync(request, cancellationToken);
            _open.TryRemove(request.Id, out _);
        }

        var mine = (await leases.ReadAsync(cancellationToken)).Where(lease => engine.Find(lease.Token) is not null).ToList();
        foreach (var request in waiting)
        {
            if (await locator.FindAsync(request.StreamId, mine, cancellationToken) is not { } lease || engine.Find(lease.Token) is not { } session)
                continue;
            _running[request.Id] = session;
            await session.RunInStreamAsync(request.StreamId, token => RunAsync(request, token));
        }
    }

    private void Note(JsonElement document)
    {
        switch (document.TryGetProperty("kind"u8, out var kind) ? kind.GetString() : null)
        {
            case ParkedStream.KindName:
                var stream = CosmosDeadLetterStore.Read(document, DeadLetterJson.Default.ParkedStream);
                if (stream.Status == ParkedStreamStatus.Parked)
                    parking.NoteParked(stream.StreamId);
                break;
            case DeadLetterRequest.KindName:
                var request = CosmosDeadLetterStore.Read(document, DeadLetterJson.Default.DeadLetterRequest);
                if (request.Status == DeadLetterRequestStatus.Open)
                    _open[request.Id] = request;
                else
                    _open.TryRemove(request.Id, out _);
                break;
        }
    }

    private async Task<TimeSpan?> RunAsync(DeadLetterRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var finished = await runner.RunAsync(request, cancellationToken);
            _open.TryRemove(request.Id, out _);
            _running.TryRemove(request.Id, out _);
            logger.LogInformation(
                "{Endpoint}: {Action} of stream {StreamId} by {By}: {Status}, {Settled} events. {Outcome}", endpoint, request.Action, request.StreamId,
                request.By, finished.Status, finished.Settled, finished.Outcome);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(e, "{Endpoint}: {Action} of stream {StreamId} stopped and is tried again.", endpoint, request.Action, request.StreamId);
            return TimeSpan.FromSeconds(5);
        }
    }
}
