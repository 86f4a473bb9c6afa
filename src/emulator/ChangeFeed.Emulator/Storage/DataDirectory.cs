using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>The directory the data lies in, held by this process alone.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string FileName = "emulator.db";
    private const string TemporaryPrefix = "cosmos-emulator-";

    // Between making its directory and holding it, an emulator that just starts looks abandoned.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(1);
    private const long MemoryNeeded = 1L << 30;
    private const string MemoryFileSystem = "/dev/shm";

    private readonly string _path;
    private readonly bool _temporary;
    private readonly bool _removed;
    private readonly FileStream _held;

    private DataDirectory(string path, bool temporary, FileStream held, bool removed) =>
        (_path, _temporary, _held, _removed) = (path, temporary, held, removed);

    public string FullPath => _path;

    public string DataFile => Path.Combine(_path, FileName);

    /// <summary>Takes hold of a directory; without a path of a temporary one, which is removed at the end.</summary>
    public static DataDirectory Open(string? path)
    {
        try
        {
            if (path is null)
            {
                var root = HasMemoryFileSystem() ? MemoryFileSystem : Path.GetTempPath();
                RemoveAbandoned(root);
                var directory = Path.Combine(root, $"{TemporaryPrefix}{Guid.NewGuid():N}");
                Files.CreateDirectory(directory);
                return new(directory, true, Hold(directory), removed: true);
            }

            var full = Path.GetFullPath(path);
            Files.CreateDirectory(full);
            return new(full, false, Hold(full), removed: false);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new EmulatorStartException(
                $"The data directory {path ?? Path.GetTempPath()} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Takes hold of a directory within this one, which is as durable and goes with it.</summary>
    public DataDirectory Within(string name)
    {
        var path = Path.Combine(_path, name);
        Files.CreateDirectory(path);
        return new(path, _temporary, Hold(path), removed: false);
    }

    // Containers often have one of a few megabytes only.
    private static bool HasMemoryFileSystem() =>
        Directory.Exists(MemoryFileSystem) && new DriveInfo(MemoryFileSystem).AvailableFreeSpace >= MemoryNeeded;

    /// <summary>An emulator that was killed could not clean up after itself; nobody holds its directory any more.</summary>
    private static void RemoveAbandoned(string root)
    {
        foreach (var directory in Directory.EnumerateDirectories(root, $"{TemporaryPrefix}*"))
        {
            try
            {
                if (TimeProvider.System.GetUtcNow() - Directory.GetCreationTimeUtc(directory) < AbandonedAfter)
                    continue;
                using (Hold(directory))
                    Directory.Delete(directory, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EmulatorStartException)
            {
                // It is in use, or not ours.
            }
        }
    }

    private static FileStream Hold(string directory)
    {
        try
        {
            return new(
                Path.Combine(directory, "emulator.lock"), Files.OwnersOnly(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new EmulatorStartException(
                $"The data directory {directory} is in use by another emulator; stop that one or choose another with --data.", exception);
        }
    }

    /// <exception cref="EmulatorStartException">There is no such data.</exception>
    public static DataDirectory OpenExisting(string path)
    {
        var file = Path.Combine(Path.GetFullPath(path), FileName);
        return File.Exists(file) || Repair.IsUnfinished(file)
            ? Open(path)
            : throw new EmulatorStartException($"There is no data file {file}; name its directory with --data.");
    }

    /// <param name="maxBytes">The most it may hold; null leaves it to the disk.</param>
    /// <param name="time">The clock timestamps go by.</param>
    /// <param name="replicated">Whether there are copies of it.</param>
    public IReplicatedStore OpenStore(long? maxBytes, TimeProvider time, bool replicated = false)
    {
        if (Repair.IsUnfinished(DataFile))
            throw new EmulatorStartException(
                $"A repair of {DataFile} was interrupted; run 'cosmos-emulator repair' on the directory again.");
        try
        {
            return new SqliteStore(DataFile, durable: !_temporary, time, maxBytes, replicated);
        }
        catch (SqliteException exception) when (exception.IsDamage)
        {
            throw Damaged(exception);
        }
        catch (SqliteException exception)
        {
            throw new EmulatorStartException($"The data file {DataFile} cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Removes the data, so that a copy of other data can take its place.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(_path, "emulator.*").Where(file => file != _held.Name))
            File.Delete(file);
    }

    public EmulatorStartException Damaged(Exception exception) =>
        new(StoreHealth.Sentence(DataFile, exception.Message), exception);

    public void Dispose()
    {
        _held.Dispose();
        if (_removed)
            Directory.Delete(_path, recursive: true);
    }
}
