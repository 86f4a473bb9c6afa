using System.Runtime.CompilerServices;

namespace ChangeFeed.DeltaLake.Storage;

/// <summary>A table in a directory. What was created survives a power failure, as far as the disk keeps its word.</summary>
/// <param name="directory">The directory of the table; made with the first file.</param>
public sealed class LocalTableStorage(string directory) : ITableStorage
{
    private readonly string _root = Path.GetFullPath(directory);

    /// <inheritdoc/>
    public string Location => _root;

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Try(path, "read", () =>
    {
        try
        {
            return (Stream?)new FileStream(PathOf(path), new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }));

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Task.FromResult(Try(path, "written", () => DurableFile.TryCreate(PathOf(path), content.Span)));

    /// <inheritdoc/>
    public Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Try(path, "written", () => DurableFile.Replace(PathOf(path), content.Span));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFile> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var file in Try(folder, "listed", () => Files(new DirectoryInfo(PathOf(folder)))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return file;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Try(path, "deleted", () =>
        {
            if (File.Exists(PathOf(path)))
                File.Delete(PathOf(path));
            return true;
        });
        return Task.CompletedTask;
    }

    private List<StoredFile> Files(DirectoryInfo folder)
    {
        var files = new List<StoredFile>();
        if (!folder.Exists)
            return files;
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            try
            {
                files.Add(new StoredFile(
                    Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length, file.LastWriteTimeUtc));
            }
            catch (FileNotFoundException)
            {
                // Deleted since it was listed.
            }
        }

        return files;
    }

    private string PathOf(string path)
    {
        var full = Path.GetFullPath(Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar)));
        return full == _root || full.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new TableStorageException($"'{path}' is outside of the table at {_root}, and is not touched.");
    }

    private T Try<T>(string path, string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TableStorageException($"'{path}' of the table at {_root} cannot be {what}: {e.Message}", e);
        }
    }
}
