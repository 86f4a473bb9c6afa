using System.Runtime.InteropServices;

namespace ChangeFeed.DeltaLake.Storage;

/// <summary>Files that are there whole or not at all, and stay when the power fails.</summary>
internal static class DurableFile
{
    /// <summary>What a process that was killed while it wrote leaves behind: hidden, and with this ending.</summary>
    public const string Temporary = ".tmp";

    private const int FileExists = 17; // EEXIST, on Linux and macOS

    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        if (File.Exists(path))
            return false;
        var temporary = Write(path, content);
        try
        {
            if (!TryLink(temporary, path))
                return false;
        }
        finally
        {
            File.Delete(temporary);
        }

        Sync(Path.GetDirectoryName(path)!);
        return true;
    }

    public static bool Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = Write(path, content);
        File.Move(temporary, path, overwrite: true);
        Sync(Path.GetDirectoryName(path)!);
        return true;
    }

    private static string Write(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            Sync(Path.GetDirectoryName(directory)!);
        }

        // The dot hides it from whoever reads the directory as a table.
        var temporary = Path.Combine(directory, $".{Guid.NewGuid():N}{Temporary}");
        try
        {
            using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(temporary); // a full disk gets its room back
            throw;
        }

        return temporary;
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
        return error == FileExists ? false : throw new IOException($"No hard link can be made: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    // A name is safe once its directory is. .NET opens no directories; Windows writes names through.
    private static void Sync(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = Open(directory, 0);
        if (handle < 0)
            throw new IOException($"Directory {directory} cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        var failed = Fsync(handle) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (failed)
            throw new IOException($"Directory {directory} cannot be flushed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string created);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int handle);
}
