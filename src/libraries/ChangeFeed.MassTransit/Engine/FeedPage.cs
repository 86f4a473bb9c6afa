using System.Text.Json;

namespace ChangeFeed.MassTransit.Engine;

/// <summary>One page of raw documents of one partition, in the order they were written.</summary>
/// <param name="lease">The lease under which it was read.</param>
/// <param name="documents">The documents; gone when the page is disposed.</param>
/// <param name="checkpoint">Records that everything up to and including this page is handled.</param>
/// <param name="buffer">What the documents live in.</param>
/// <param name="checkpointBefore">Records that everything before one of its documents is handled, and not that document; null where the source cannot.</param>
internal sealed class FeedPage(
    string lease, IReadOnlyList<JsonElement> documents, Func<Task> checkpoint, IDisposable? buffer = null, Func<JsonElement, Task>? checkpointBefore = null)
    : IDisposable
{
    public string Lease { get; } = lease;

    public IReadOnlyList<JsonElement> Documents { get; private set; } = documents;

    /// <summary>When the store wrote the first document, to the second; null when it does not say.</summary>
    public DateTimeOffset? WrittenAt { get; } =
        documents.Count > 0 && documents[0].ValueKind == JsonValueKind.Object && documents[0].TryGetProperty("_ts"u8, out var seconds)
            && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt64(out var unix)
            ? DateTimeOffset.FromUnixTimeSeconds(unix)
            : null;

    public Task CheckpointAsync() => checkpoint();

    /// <summary>The page as if it ended before one of its documents.</summary>
    /// <exception cref="NotSupportedException">The source cannot note a place within a page.</exception>
    public FeedPage Until(int index)
    {
        var note = checkpointBefore ?? throw new NotSupportedException("This source cannot note a place within a page, which feeds of several legs need.");
        var end = Documents[index].Clone();
        return new FeedPage(Lease, [.. Documents.Take(index)], () => note(end), buffer);
    }

    /// <summary>The documents are gone after this; the page can still be checkpointed.</summary>
    public void Dispose()
    {
        Documents = [];
        buffer?.Dispose();
    }
}
