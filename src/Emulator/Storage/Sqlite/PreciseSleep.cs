using System.Runtime.InteropServices;

namespace OrderPipeline.Emulator.Storage.Sqlite;

/// <summary>
/// Lets SQLite sleep for microseconds. The library of the package was built without <c>usleep</c>, so its file layer rounds every
/// pause up to a whole second, and pauses of a few microseconds are how it lets a reader and a commit pass each other: under load
/// a read stood still for a second now and then. The file layer is registered once more, as the default, with another <c>xSleep</c>.
/// </summary>
static class PreciseSleep
{
    const string Library = "e_sqlite3";
    const string Name = "precise";

    // Native code holds on to these for as long as the process lives.
    static readonly Sleeping Function = Sleep;

    static readonly IntPtr NameText = Marshal.StringToCoTaskMemUTF8(Name);

    /// <summary>Call before the first connection is opened; again does nothing.</summary>
    public static void Install()
    {
        // There the pause is in milliseconds, as the system has it.
        if (OperatingSystem.IsWindows() || sqlite3_vfs_find(NameText) != IntPtr.Zero)
            return;
        var layer = Marshal.PtrToStructure<FileLayer>(sqlite3_vfs_find(IntPtr.Zero));
        layer.Next = IntPtr.Zero;
        layer.Name = NameText;
        layer.Sleep = Marshal.GetFunctionPointerForDelegate(Function);
        var copy = Marshal.AllocCoTaskMem(Marshal.SizeOf<FileLayer>());
        Marshal.StructureToPtr(layer, copy, fDeleteOld: false);
        if (sqlite3_vfs_register(copy, 1) is var code and not 0)
            throw new InvalidOperationException($"SQLite did not take the file layer '{Name}' (code {code}).");
    }

    static int Sleep(IntPtr layer, int microseconds)
    {
        if (microseconds < 1000)
            Thread.Yield();
        else
            Thread.Sleep(microseconds / 1000);
        return microseconds;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int Sleeping(IntPtr layer, int microseconds);

    [DllImport(Library)]
    static extern IntPtr sqlite3_vfs_find(IntPtr name);

    [DllImport(Library)]
    static extern int sqlite3_vfs_register(IntPtr layer, int makeDefault);

    /// <summary><c>sqlite3_vfs</c>, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct FileLayer
    {
        public int Version;
        public int SizeOfFile;
        public int LongestPath;
        public IntPtr Next;
        public IntPtr Name;
        public IntPtr Data;
        public IntPtr Open;
        public IntPtr Delete;
        public IntPtr Access;
        public IntPtr FullPath;
        public IntPtr LibraryOpen;
        public IntPtr LibraryError;
        public IntPtr LibrarySymbol;
        public IntPtr LibraryClose;
        public IntPtr Randomness;
        public IntPtr Sleep;
        public IntPtr CurrentTime;
        public IntPtr LastError;
        public IntPtr CurrentTime64;
        public IntPtr SetSystemCall;
        public IntPtr GetSystemCall;
        public IntPtr NextSystemCall;
    }
}
