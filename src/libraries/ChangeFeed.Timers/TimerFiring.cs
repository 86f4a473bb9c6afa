using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.Timers;

/// <summary>
/// Fires the timers of one name that are due. What follows is appended as a reaction to the event the timer was made for, in the name of the
/// timer, so it stands in the stream once, whoever is killed and whoever else fires it at the same time.
/// </summary>
internal sealed class TimerFiring(TimerHandler handler, TimerStore timers, CosmosEventStore events, ChangeFeedControls controls, ILogger logger)
{
    /// <summary>How long a timer waits that could not fire.</summary>
    public static readonly TimeSpan PutOffFor = TimeSpan.FromMinutes(5);

    private const int AtOnce = 8;
    private const int LongestError = 500;

    public string Name => handler.Name;

    /// <summary>Fires all that are due.</summary>
    /// <param name="now">The time of the store, in seconds.</param>
    /// <param name="cancellationToken">Ends it; what has not fired then fires later.</param>
    /// <exception cref="CosmosException">The store could not be asked.</exception>
    public async Task FireDueAsync(long now, CancellationToken cancellationToken)
    {
        if ((await controls.GetAsync(handler.Endpoint, cancellationToken))?.Paused == true)
            return;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await foreach (var due in timers.DueAsync(handler.Name, now, cancellationToken))
            await Parallel.ForEachAsync(due, parallel, async (document, stop) => await FireAsync(document, now, stop));
    }

    private async Task FireAsync(JsonElement document, long now, CancellationToken cancellationToken)
    {
        var (stream, id) = (Text(document, "streamId"), Text(document, "id"));
        try
        {
            if (!TimerStore.TryRead(document, out var timer, out var problem))
                throw new TimerException(problem!);
            var appended = await AppendAsync(timer, cancellationToken);
            await timers.DeleteAsync(timer.StreamId, timer.Id, cancellationToken);
            TimerTelemetry.Fired(handler.Name, appended is not null, Math.Max(0, now - timer.Due));
            logger.LogInformation("Timer {Timer} of stream {StreamId} fired: {Event}", timer.Id, timer.StreamId, appended ?? "nothing follows any more");
        }
        catch (Exception e) when (IsOfTheStore(e) && !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "Timer {Timer} of stream {StreamId} could not fire; tried again at the next turn.", id, stream);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            TimerTelemetry.Failed(handler.Name);
            logger.LogError(e, "Timer {Timer} of stream {StreamId} could not fire; tried again in {Pause}.", id, stream, PutOffFor);
            await PutOffAsync(stream, id, now, e.Message, cancellationToken);
        }
    }

    private async Task<string?> AppendAsync(TimerDocument timer, CancellationToken cancellationToken)
    {
        var due = timers.EventOf(timer);
        var cause = await events.ReadEventAsync(timer.StreamId, timer.CauseVersion, cancellationToken);
        if (cause?.Meta.EventId != timer.CauseId)
            throw new TimerException($"The event it was made for, version {timer.CauseVersion}, is not in the stream.");
        var reaction = await events.ReactAsync(
            cause, handler.Name, (stream, _) => ValueTask.FromResult(handler.Decide(due, stream)), cancellationToken);
        return reaction.Events.Count == 0 ? null : reaction.Events[0].Type;
    }

    // One that cannot even be put off stands in nobody's way: each turn looks at all that is due.
    private async Task PutOffAsync(string? stream, string? id, long now, string error, CancellationToken cancellationToken)
    {
        if (stream is null || id is null)
            return;
        try
        {
            var until = now + (long)PutOffFor.TotalSeconds;
            await timers.PutOffAsync(stream, id, until, error.Length <= LongestError ? error : error[..LongestError], cancellationToken);
        }
        catch (Exception e) when (IsOfTheStore(e) && !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "Timer {Timer} of stream {StreamId} could not be put off; tried again at the next turn.", id, stream);
        }
    }

    private static bool IsOfTheStore(Exception e) => e is CosmosException or HttpRequestException or OperationCanceledException
        or WrongExpectedVersionException or StaleReadException;

    private static string? Text(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}

/// <summary>A timer that cannot fire as it is.</summary>
internal sealed class TimerException(string message) : Exception(message);
