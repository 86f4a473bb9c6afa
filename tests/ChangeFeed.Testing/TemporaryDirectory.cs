namespace ChangeFeed.Testing;

/// <summary>A directory that is gone with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("order-pipeline-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string[] Files(string directory, string pattern = "*.json") =>
        Directory.Exists(System.IO.Path.Combine(Path, directory)) ? Directory.GetFiles(System.IO.Path.Combine(Path, directory), pattern) : [];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
