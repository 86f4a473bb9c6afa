namespace Bench.Harness;

/// <summary>Where a run keeps its data: a directory of its own on a real disk, gone afterwards.</summary>
internal sealed class WorkDirectory : IDisposable
{
    public WorkDirectory(string? parent)
    {
        parent = System.IO.Path.GetFullPath(parent ?? System.IO.Path.GetTempPath());
        if (!Directory.Exists(parent))
            throw new BenchException($"--dir names '{parent}', which is not there.");
        Format = new DriveInfo(parent).DriveFormat;
        Path = System.IO.Path.Combine(parent, $"order-pipeline-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(Path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public string Path { get; }

    /// <summary>The file system; on one in memory nothing durable can be measured.</summary>
    public string Format { get; }

    public bool IsInMemory => Format is "tmpfs" or "ramfs";

    public string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
