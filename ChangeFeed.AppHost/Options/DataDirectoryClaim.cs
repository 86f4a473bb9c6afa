namespace ChangeFeed.AppHost.Options;

/// <summary>Two app hosts on one data directory would write over each other's data: the first claims it for as long as it lives.</summary>
internal sealed class DataDirectoryClaim : IDisposable
{
    private readonly FileStream _lock;

    public DataDirectoryClaim(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            _lock = new FileStream(Path.Combine(directory, "apphost.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && !Directory.Exists(directory)))
        {
            throw new SettingException($"The data directory {directory} cannot be written ({e.Message}): choose another with --data DIR.");
        }
        catch (IOException)
        {
            throw new SettingException(
                $"The data directory {directory} is used by another app host: stop that one, or choose another directory with --data DIR.");
        }
    }

    public void Dispose() => _lock.Dispose();
}
