namespace ChangeFeed.DeltaLake.Storage;

/// <summary>A file of a table.</summary>
/// <param name="Path">Where it is in the table, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ModifiedAt">When it was written.</param>
public readonly record struct StoredFile(string Path, long Size, DateTimeOffset ModifiedAt);

/// <summary>
/// Where the files of a table are. Paths are relative to the table, with slashes. Everything that fails throws <see cref="TableStorageException"/>.
/// </summary>
public interface ITableStorage
{
    /// <summary>Where that is, for messages; no secrets.</summary>
    string Location { get; }

    /// <summary>Opens a file, so that one can read anywhere in it; null when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Creates a file with all its content, if there is none of the name. It is there whole or not at all, whatever is killed, and safe when this
    /// returns. Of two that create the same file, one is told that it did.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="cancellationToken">Ends the wait; the file may have been created all the same.</param>
    /// <returns>False when there is one already, which stays as it is.</returns>
    Task<bool> TryCreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Writes a file over the one that is there. Readers see the one or the other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>All files below a folder, in no particular order.</summary>
    /// <param name="folder">The folder; empty for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Deletes a file; nothing where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task DeleteAsync(string path, CancellationToken cancellationToken);
}

/// <summary>The storage of a table takes or gives nothing at the moment: it is away, full, or does not let us in.</summary>
/// <param name="message">Where, and what it said.</param>
/// <param name="inner">What was thrown.</param>
public sealed class TableStorageException(string message, Exception? inner = null) : Exception(message, inner);

internal static class TableStorageExtensions
{
    public static async Task<byte[]?> ReadAsync(this ITableStorage storage, string path, CancellationToken cancellationToken)
    {
        await using var stream = await storage.OpenAsync(path, cancellationToken);
        if (stream is null)
            return null;
        using var content = new MemoryStream();
        try
        {
            await stream.CopyToAsync(content, cancellationToken);
        }
        catch (IOException e)
        {
            throw new TableStorageException($"{path} of the table at {storage.Location} cannot be read: {e.Message}", e);
        }

        return content.ToArray();
    }
}
