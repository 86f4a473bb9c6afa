using System.Text.Json;

namespace OrderPipeline.ChangeFeed.Engine;

/// <summary>One page of raw documents of one partition, in the order they were written.</summary>
/// <param name="lease">The lease under which it was read.</param>
/// <param name="documents">The documents; valid until the page is disposed.</param>
/// <param name="checkpoint">Records that everything up to and including this page is handled.</param>
/// <param name="buffer">What the documents live in.</param>
/// <param name="range">The range of the partition, as the store writes it.</param>
internal sealed class FeedPage(
    string lease, IReadOnlyList<JsonElement> documents, Func<Task> checkpoint, IDisposable? buffer = null, string? range = null) : IDisposable
{
    public string Lease { get; } = lease;

    public string? Range { get; } = range;

    public IReadOnlyList<JsonElement> Documents { get; } = documents;

    public Task CheckpointAsync() => checkpoint();

    public void Dispose() => buffer?.Dispose();
}
