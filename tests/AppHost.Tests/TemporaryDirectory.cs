namespace OrderPipeline.AppHost.Tests;

sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("apphost-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
