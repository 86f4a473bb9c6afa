using System.Text.Json;

namespace ChangeFeed.EventStore;

/// <summary>
/// Streams that moved of late, kept from the change feed that is read anyway, so that deciding on one needs no query. What is kept of a stream
/// is its beginning without a gap; it may be behind what is there, which whoever appends conditionally finds out. Bounded in number and length.
/// </summary>
/// <param name="types">Binds the events, when they are asked for and not before.</param>
/// <param name="maxStreams">Streams that are kept, the most recent ones; about five kilobytes each.</param>
public sealed class RecentStreams(EventTypeMap types, int maxStreams = RecentStreams.DefaultMaxStreams)
{
    /// <summary>Streams that are kept where nothing else is said: those that move at one moment, not all there are.</summary>
    public const int DefaultMaxStreams = 1000;

    private const int MaxEvents = 32; // of a stream; a longer one is read

    private readonly Lock _lock = new();

    // Two generations: what the older one still has is taken over when it is used, and the rest of it goes at once.
    private Dictionary<string, Stream> _young = [];
    private Dictionary<string, Stream> _old = [];

    /// <summary>Takes in a document of the feed: in the order of its stream, and again as often as it comes.</summary>
    /// <param name="header">Where it belongs.</param>
    /// <param name="document">The document; copied where it is kept.</param>
    public void Add(EventHeader header, JsonElement document)
    {
        lock (_lock)
        {
            var stream = Get(header.StreamId);
            if (stream is null && header.Version == 0)
                Put(header.StreamId, stream = new Stream());
            if (stream is null)
                return;
            if (header.Version == stream.Count && stream.Count < MaxEvents)
                stream.Add(document.Clone());
            else if (header.Version >= stream.Count || !stream.Has(header.Version, document))
                Remove(header.StreamId); // a gap, too long, or repaired in its place
        }
    }

    /// <summary>The stream from its first event to at least this version; null when it is not known that far, or cannot be read.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">The version that must be in it.</param>
    public IReadOnlyList<RecordedEvent>? Find(string streamId, long version)
    {
        lock (_lock)
            return Get(streamId) is { } stream && stream.Count > version ? stream.Read(types) : null;
    }

    /// <summary>Forgets a stream: it turned out to be behind, or what became of a decision on it is not known.</summary>
    /// <param name="streamId">The stream.</param>
    public void Forget(string streamId)
    {
        lock (_lock)
            Remove(streamId);
    }

    private Stream? Get(string streamId)
    {
        if (_young.TryGetValue(streamId, out var stream))
            return stream;
        if (_old.TryGetValue(streamId, out stream))
            Put(streamId, stream);
        return stream;
    }

    private void Put(string streamId, Stream stream)
    {
        if (_young.Count >= (maxStreams + 1) / 2)
            (_old, _young) = (_young, []);
        _young[streamId] = stream;
    }

    private void Remove(string streamId)
    {
        _young.Remove(streamId);
        _old.Remove(streamId);
    }

    /// <summary>The beginning of a stream, each event bound when it is first asked for.</summary>
    private sealed class Stream
    {
        private readonly List<JsonElement> _documents = [];
        private readonly List<RecordedEvent> _events = [];

        public int Count => _documents.Count;

        public void Add(JsonElement document) => _documents.Add(document);

        public bool Has(long version, JsonElement document) => ETag(_documents[(int)version]) == ETag(document);

        public IReadOnlyList<RecordedEvent>? Read(EventTypeMap types)
        {
            try
            {
                while (_events.Count < _documents.Count)
                    _events.Add(EventDocument.Read(_documents[_events.Count], types));
                return [.. _events];
            }
            catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException)
            {
                return null; // whoever reads the stream is told
            }
        }

        private static string? ETag(JsonElement document) =>
            document.TryGetProperty("_etag"u8, out var etag) && etag.ValueKind == JsonValueKind.String ? etag.GetString() : null;
    }
}
