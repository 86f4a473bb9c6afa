using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Timers;

/// <summary>A timer that waits.</summary>
/// <param name="Name">Which timer.</param>
/// <param name="CauseVersion">Version of the event it was made for.</param>
/// <param name="Due">When it is due, by the clock of the store.</param>
/// <param name="Event">Stored name of the type of the event that is due then.</param>
/// <param name="Error">Why it did not fire when it was due, and is tried again; null where nothing is wrong.</param>
public sealed record WaitingTimer(string Name, long CauseVersion, DateTimeOffset Due, string Event, string? Error);

/// <summary>The timers in their container, partition key <c>/streamId</c>, with a time to live of documents and without a default.</summary>
/// <param name="container">The container.</param>
/// <param name="types">The vocabulary of the events that are due.</param>
/// <param name="observesExpiry">Whether timers get a companion that runs out when they are due.</param>
public sealed class TimerStore(Container container, EventTypeMap types, bool observesExpiry)
{
    /// <summary>The paths that must be indexed; queries use nothing else.</summary>
    public static IReadOnlyList<string> Indexed { get; } = ["/name/?", "/next/?"];

    internal const string Companion = "!";

    // No stream has this name: what concerns all streams alike.
    private const string Clock = ".clock";

    private static readonly ItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };

    /// <summary>Makes a timer; one that is there already stays as it is.</summary>
    /// <param name="cause">The event it is made for.</param>
    /// <param name="storedAt">When the store wrote the cause; null where that is not known, and the time counts from now.</param>
    /// <param name="schedule">What is due, and when.</param>
    /// <param name="cancellationToken">Ends the wait; the timer may be there.</param>
    /// <exception cref="ArgumentException">The name or the time makes no sense.</exception>
    /// <exception cref="UnknownEventException">The event is not registered.</exception>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task ScheduleAsync(RecordedEvent cause, DateTimeOffset? storedAt, Schedule schedule, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(schedule.Timer);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(schedule.After, TimeSpan.Zero, nameof(schedule));
        var from = schedule.FromNow || storedAt is null ? await NowAsync(cancellationToken) : storedAt.Value.ToUnixTimeSeconds();
        // The store tells whole seconds of both moments: one more, and it is never early.
        var due = from + (long)Math.Ceiling(schedule.After.TotalSeconds) + 1;
        var timer = TimerDocument.Of(cause, schedule, due, types);
        if (await WrittenAtAsync(timer, timer.StreamId, TimerJson.Default.TimerDocument, create: true, cancellationToken) is not { } now || !observesExpiry)
            return;
        var companion = new ExpiringDocument(timer.Id + Companion, timer.StreamId, (int)Math.Clamp(due - now, 1, int.MaxValue));
        await WrittenAtAsync(companion, timer.StreamId, TimerJson.Default.ExpiringDocument, create: true, cancellationToken);
    }

    /// <summary>Removes a timer that is not needed any more; one that is not there is no failure.</summary>
    /// <param name="streamId">Its stream.</param>
    /// <param name="timer">Which timer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public Task CancelAsync(string streamId, CancelTimer timer, CancellationToken cancellationToken = default) =>
        DeleteAsync(streamId, TimerDocument.IdOf(timer.Timer, timer.CauseVersion), cancellationToken);

    /// <summary>The timers of a stream that wait, the next one first.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<WaitingTimer>> OfStreamAsync(string streamId, CancellationToken cancellationToken = default)
    {
        var options = new QueryRequestOptions { PartitionKey = new PartitionKey(streamId), EnableOptimisticDirectExecution = true };
        var waiting = new List<WaitingTimer>();
        await foreach (var document in container.QueryAsync(new QueryDefinition("SELECT * FROM c"), options, cancellationToken))
            if (TryRead(document, out var timer, out _))
                waiting.Add(new(timer.Name, timer.CauseVersion, DateTimeOffset.FromUnixTimeSeconds(timer.Due), timer.Type, timer.Error));
        return [.. waiting.OrderBy(timer => timer.Due)];
    }

    /// <summary>Takes the turn to look at what is due.</summary>
    /// <returns>The time of the store, in seconds; null where another instance had its turn a moment ago.</returns>
    internal Task<long?> TakeTurnAsync(string name, TimeSpan interval, CancellationToken cancellationToken)
    {
        // It runs out a second before the next turn, so that whoever took this one is not late for the next.
        var turn = new ExpiringDocument(name, Clock, (int)Math.Max(1, interval.TotalSeconds - 1));
        return WrittenAtAsync(turn, Clock, TimerJson.Default.ExpiringDocument, create: true, cancellationToken);
    }

    /// <summary>The documents that are due, page by page, readable or not.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<JsonElement>> DueAsync(
        string name, long now, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new QueryDefinition("SELECT * FROM c WHERE c.name = @name AND c.next <= @now").WithParameter("@name", name).WithParameter("@now", now);
        using var pages = container.GetItemQueryStreamIterator(query);
        await foreach (var page in pages.ReadPagesAsync(cancellationToken))
            yield return page.Documents;
    }

    /// <summary>Reads a document; says what is wrong with one that is no timer.</summary>
    internal static bool TryRead(
        JsonElement document, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TimerDocument? timer, out string? problem)
    {
        try
        {
            (timer, problem) = (document.Deserialize(TimerJson.Default.TimerDocument), null);
        }
        catch (JsonException e)
        {
            (timer, problem) = (null, $"It is no timer: {e.Message}");
        }

        return timer is not null;
    }

    /// <summary>The event that is due.</summary>
    internal object EventOf(TimerDocument timer) => types.Read(timer.Type, timer.Schema, timer.Data);

    /// <summary>Puts a timer off that could not fire, with the reason.</summary>
    internal async Task PutOffAsync(string streamId, string id, long until, string error, CancellationToken cancellationToken)
    {
        var change = new[] { PatchOperation.Set("/next", until), PatchOperation.Set("/error", error) };
        using var response = await container.PatchItemStreamAsync(
            id, new PartitionKey(streamId), change, new() { EnableContentResponseOnWrite = false }, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound) // another instance fired it, or it was cancelled
            response.EnsureSuccessStatusCode();
    }

    internal async Task DeleteAsync(string streamId, string id, CancellationToken cancellationToken)
    {
        using var response = await container.DeleteItemStreamAsync(id, new PartitionKey(streamId), NoContent, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
            response.EnsureSuccessStatusCode();
    }

    /// <summary>The feed of all versions and deletes, from now on.</summary>
    internal FeedIterator ExpiryFeed(TimeSpan hold) => container.GetChangeFeedStreamIterator(
        ChangeFeedStartFrom.Now(),
        ChangeFeedMode.AllVersionsAndDeletes,
        new ChangeFeedRequestOptions
        {
            AddRequestHeaders = headers => headers.Set(
                MassTransit.ChangeFeedRequestHandler.HoldHeader, ((long)hold.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)),
        });

    /// <summary>The time of the store, in seconds.</summary>
    internal async Task<long> NowAsync(CancellationToken cancellationToken) => await WrittenAtAsync(
        new ExpiringDocument("now", Clock, 1), Clock, TimerJson.Default.ExpiringDocument, create: false, cancellationToken)
        ?? throw new InvalidOperationException("An upsert does not conflict.");

    /// <summary>Writes a document, and reads off when the store did so, in seconds; null where one was there.</summary>
    private async Task<long?> WrittenAtAsync<T>(T document, string partition, JsonTypeInfo<T> json, bool create, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, json), writable: false);
        using var response = create
            ? await container.CreateItemStreamAsync(body, new PartitionKey(partition), cancellationToken: cancellationToken)
            : await container.UpsertItemStreamAsync(body, new PartitionKey(partition), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.Conflict)
            return null;
        response.EnsureSuccessStatusCode();
        using var written = await JsonDocument.ParseAsync(response.Content, cancellationToken: cancellationToken);
        return written.RootElement.GetProperty("_ts"u8).GetInt64();
    }
}
