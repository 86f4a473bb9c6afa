namespace ChangeFeed.Emulator.Storage;

/// <summary>Files and directories that only the user who runs the store may read, where the system knows such a thing.</summary>
internal static class Files
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnersFile | UnixFileMode.UserExecute);
    }

    public static FileStreamOptions OwnersOnly(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersFile;
        return options;
    }

    /// <summary>Makes an empty file where there is none, and takes an existing one away from others.</summary>
    public static void Own(string path)
    {
        if (!File.Exists(path))
            new FileStream(path, OwnersOnly(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)).Dispose();
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != OwnersFile)
            File.SetUnixFileMode(path, OwnersFile);
    }
}
