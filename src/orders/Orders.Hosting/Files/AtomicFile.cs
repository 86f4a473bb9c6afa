using System.Runtime.InteropServices;

namespace Orders.Hosting.Files;

/// <summary>Files that appear whole or not at all, and are never overwritten: the first writer of a name wins. Nobody but the service's user reads
/// them.</summary>
public static class AtomicFile
{
    private const string Temporary = ".tmp";
    private const int FileExists = 17; // EEXIST, on Linux and macOS

    /// <summary>Creates a file with all its content.</summary>
    /// <param name="path">Its name; the directory must exist.</param>
    /// <param name="content">All of it.</param>
    /// <returns>False when the name is taken; the file that is there stays as it is.</returns>
    /// <remarks>
    /// Survives the process being killed at any point. It is not forced to the disk: a power failure may take the last files.
    /// </remarks>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        if (File.Exists(path))
            return false;
        // The dot hides a half-written file from whoever lists the directory by extension.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}{Temporary}");
        try
        {
            Write(temporary, content);
            return TryLink(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Deletes what processes have left that were killed while they wrote.</summary>
    /// <param name="directory">Where they wrote.</param>
    /// <param name="before">Only what is older: others may be writing.</param>
    public static void DeleteAbandoned(string directory, DateTimeOffset before)
    {
        foreach (var file in Directory.EnumerateFiles(directory, $".*{Temporary}").Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime))
            File.Delete(file);
    }

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(content);
    }

    // File.Move without overwrite looks first and renames then, so on Unix two processes can both believe they were first.
    private static bool TryLink(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(temporary, path, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }

        if (Link(temporary, path) == 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? false
            : throw new IOException($"Cannot create '{path}': {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string created);
}
