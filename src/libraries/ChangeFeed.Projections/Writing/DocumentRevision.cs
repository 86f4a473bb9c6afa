namespace ChangeFeed.Projections.Writing;

/// <summary>Changes documents of a version of a view outside of their events, each only from the state the change was made for.</summary>
/// <param name="store">Where they are.</param>
/// <param name="view">Name of the view, for messages.</param>
/// <param name="keyOf">Where a document is.</param>
public sealed class DocumentRevision<TDocument>(IViewStore<TDocument> store, string view, Func<TDocument, ViewKey> keyOf)
    where TDocument : class
{
    private const int ParallelWrites = 16;

    /// <summary>Changes the documents that are to be changed.</summary>
    /// <param name="documents">The documents as they were read.</param>
    /// <param name="revise">The document as it is to be; the same one when nothing is to be changed. Pure, but for what it asks.</param>
    /// <param name="cancellationToken">Ends it between two documents.</param>
    /// <returns>How many were changed.</returns>
    /// <exception cref="IOException">Lost against other writers again and again; try again.</exception>
    public async Task<int> ApplyAsync(
        IReadOnlyList<(TDocument Document, string ETag)> documents,
        Func<TDocument, CancellationToken, ValueTask<TDocument>> revise,
        CancellationToken cancellationToken)
    {
        var changed = 0;
        await Parallel.ForEachAsync(
            documents,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancellationToken },
            async (standing, stop) =>
            {
                if (await ReviseAsync(standing, revise, stop))
                    Interlocked.Increment(ref changed);
            });
        return changed;
    }

    private async Task<bool> ReviseAsync(
        (TDocument Document, string ETag) standing,
        Func<TDocument, CancellationToken, ValueTask<TDocument>> revise,
        CancellationToken cancellationToken)
    {
        var key = keyOf(standing.Document);
        for (var attempt = 1; attempt <= WriteAttempts.Max; attempt++)
        {
            var revised = await revise(standing.Document, cancellationToken);
            if (ReferenceEquals(revised, standing.Document))
                return false;
            if (await store.TryWriteAsync(key, revised, standing.ETag, cancellationToken) is not null)
                return true;
            if (await store.ReadAsync(key, cancellationToken) is not { } now)
                return false; // deleted
            standing = now;
        }

        throw new IOException($"Document '{key.Id}' of view '{view}' was changed by others {WriteAttempts.Max} times while it was to be revised.");
    }
}
