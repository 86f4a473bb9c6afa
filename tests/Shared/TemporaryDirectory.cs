namespace TestSupport;

public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("order-pipeline-").FullName;

    public string[] Files(string directory, string pattern = "*.json") =>
        Directory.Exists(System.IO.Path.Combine(Path, directory)) ? Directory.GetFiles(System.IO.Path.Combine(Path, directory), pattern) : [];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
