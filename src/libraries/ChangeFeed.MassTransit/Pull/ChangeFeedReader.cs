using System.Runtime.CompilerServices;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>Some documents of the feed, and where to go on after them.</summary>
/// <param name="Events">The events, in the order of their partition.</param>
/// <param name="Problems">Documents that are no events this build knows, and why.</param>
/// <param name="Position">Where to go on: can be stored and given to <see cref="ChangeFeedReader.ReadAsync"/> later.</param>
/// <param name="RequestCharge">What the page cost, in request units.</param>
public sealed record FeedReadPage(IReadOnlyList<RecordedEvent> Events, IReadOnlyList<UnreadableDocument> Problems, string Position, double RequestCharge)
{
    /// <summary>
    /// The container a position is of, by its resource id. Where events move to another container meanwhile, ranges that are read side by side are all of
    /// them only where it is the same of all. Null of a position the SDK writes otherwise.
    /// </summary>
    /// <param name="position">The position.</param>
    public static string? ContainerOf(string position)
    {
        using var json = JsonDocument.Parse(position);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("Rid"u8, out var id) ? id.GetString() : null;
    }
}

/// <summary>A document of the feed that could not be read as an event.</summary>
/// <param name="Document">The raw document.</param>
/// <param name="Problem">Why not.</param>
public sealed record UnreadableDocument(JsonElement Document, string Problem);

/// <summary>Where a pull reader begins and what it reads.</summary>
public sealed record FeedReadOptions
{
    /// <summary>A position from an earlier read; everything else is then taken from it.</summary>
    public string? Position { get; init; }

    /// <summary>Only this stream; null for all.</summary>
    public string? StreamId { get; init; }

    /// <summary>Only this range, one of <see cref="ChangeFeedReader.RangesAsync"/>; null for all. Ranges can be read side by side.</summary>
    public FeedRange? Range { get; init; }

    /// <summary>Only what was written since then, to the second; null from the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Documents per page, a hint to the store; 1 to 10,000.</summary>
    public int PageSize { get; init; } = 1000;
}

/// <summary>
/// Reads the feed when asked, without leases: for tools, rebuilds and audits. Reads up to the end as it is and stops; the position of
/// the last page goes on from there.
/// </summary>
/// <param name="container">The container of the events.</param>
/// <param name="types">The vocabulary the documents are read with.</param>
/// <param name="store">
/// Reads streams that have left the container: all of what left of one is read in the place of the document that stands for it. Null to pass them
/// over, for readers of what was written lately.
/// </param>
public sealed class ChangeFeedReader(Container container, EventTypeMap types, CosmosEventStore? store)
{
    /// <summary>A reader of what is in the container.</summary>
    /// <param name="container">The container of the events.</param>
    /// <param name="types">The vocabulary the documents are read with.</param>
    public ChangeFeedReader(Container container, EventTypeMap types)
        : this(container, types, null)
    {
    }

    /// <summary>The ranges of the container, one per physical partition.</summary>
    public Task<IReadOnlyList<FeedRange>> RangesAsync(CancellationToken cancellationToken = default) => container.GetFeedRangesAsync(cancellationToken);

    /// <summary>Reads page after page up to the end. The last page is empty and has the position of the end.</summary>
    /// <param name="options">Where to begin and what to read; null for everything.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or the position is none.</exception>
    /// <exception cref="CosmosException">The store cannot be read.</exception>
    /// <exception cref="ColdStreamException">A stream that has left the container cannot be read where it is.</exception>
    public async IAsyncEnumerable<FeedReadPage> ReadAsync(
        FeedReadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new FeedReadOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PageSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.PageSize, 10_000, nameof(options));
        var reading = container.ReadFeedToEndAsync(
            Start(options), options.Position, ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions { PageSizeHint = options.PageSize },
            cancellationToken);
        await foreach (var page in reading)
        {
            var events = new List<RecordedEvent>();
            var problems = new List<UnreadableDocument>();
            var cold = await ColdAsync(page.Documents, cancellationToken);
            foreach (var document in page.Documents)
            {
                if (ColdMark.IsOn(document))
                    events.AddRange(await MovedAsync(document, cold, cancellationToken));
                else
                    Read(document, events, problems);
            }

            yield return new FeedReadPage(events, problems, page.Continuation!, page.RequestCharge); // a change feed always says where it goes on
        }
    }

    /// <summary>What has left of the streams of a page, looked up together.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<RecordedEvent>>> ColdAsync(
        IReadOnlyList<JsonElement> documents, CancellationToken cancellationToken)
    {
        var left = store is null ? [] : documents.Select(ColdMark.ReadStub).OfType<ColdStream>().ToList();
        return left.Count == 0 ? new Dictionary<string, IReadOnlyList<RecordedEvent>>() : await store!.ReadColdAsync(left, cancellationToken);
    }

    /// <summary>The events that the first document of a moved stream stands for, in their order; the others of it stand for none.</summary>
    private async Task<IReadOnlyList<RecordedEvent>> MovedAsync(
        JsonElement document, IReadOnlyDictionary<string, IReadOnlyList<RecordedEvent>> cold, CancellationToken cancellationToken)
    {
        if (store is null)
            return [];
        if (ColdMark.ReadStub(document) is { } left)
            return cold[left.StreamId];
        var events = new List<RecordedEvent>();
        if (ColdMark.ReadRestored(document) is { } last)
            await foreach (var e in store.ReadAsync(EventDocument.ReadHeader(document).StreamId, 0, last, cancellationToken))
                events.Add(e);
        return events;
    }

    private void Read(JsonElement document, List<RecordedEvent> events, List<UnreadableDocument> problems)
    {
        try
        {
            events.Add(EventDocument.Read(document, types));
        }
        catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException)
        {
            problems.Add(new UnreadableDocument(document.Clone(), e.Message));
        }
    }

    private static ChangeFeedStartFrom Start(FeedReadOptions options)
    {
        if (options.Position is { } position)
            return ChangeFeedStartFrom.ContinuationToken(position);
        if (options is { StreamId: not null, Range: not null })
            throw new ArgumentException("Give StreamId or Range, not both.", nameof(options));
        var range = options.StreamId is { } stream ? FeedRange.FromPartitionKey(new PartitionKey(stream)) : options.Range;
        return (options.Since?.UtcDateTime, range) switch
        {
            ({ } since, { } r) => ChangeFeedStartFrom.Time(since, r),
            ({ } since, null) => ChangeFeedStartFrom.Time(since),
            (null, { } r) => ChangeFeedStartFrom.Beginning(r),
            _ => ChangeFeedStartFrom.Beginning(),
        };
    }
}
