using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>
/// SQLite's own file layer, with one thing changed: pages of the data file are written with zeros where they hold nothing.
/// <c>secure_delete</c> clears what is deleted, but when SQLite moves rows between pages, a copy of them stays in the gap between a page's
/// pointers and its content, and would stay there after the rows are deleted.
/// </summary>
internal static unsafe class ScrubbingVfs
{
    public const string Name = "scrubbing";

    private const string Library = "e_sqlite3";

    private static readonly ConcurrentDictionary<nint, nint> Changed = [];
    private static Vfs* _original;

    [ThreadStatic]
    private static byte[]? _page;

    /// <summary>Makes it known to SQLite. Once per process; what is allocated lives as long as that.</summary>
    public static void Register()
    {
        Batteries_V2.Init();
        _original = sqlite3_vfs_find(null);
        var vfs = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *vfs = *_original;
        vfs->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        vfs->Next = null;
        vfs->Open = &Open;
        var code = sqlite3_vfs_register(vfs, 0);
        if (code != raw.SQLITE_OK)
            throw new SqliteException(code, $"SQLite {code}: the file layer cannot be registered.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* name, DataFile* file, int flags, int* outFlags)
    {
        var code = _original->Open(vfs, name, file, flags, outFlags);
        if (code == raw.SQLITE_OK && (flags & raw.SQLITE_OPEN_MAIN_DB) != 0 && file->Methods is not null)
            file->Methods = (Methods*)Changed.GetOrAdd((nint)file->Methods, Change);
        return code;
    }

    private static nint Change(nint original)
    {
        var changed = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
        NativeMemory.Copy((void*)original, changed, (nuint)(sizeof(Methods) - sizeof(nint)));
        changed->OriginalWrite = changed->Write;
        changed->Write = &Write;
        return (nint)changed;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(DataFile* file, byte* data, int count, long offset)
    {
        var (start, length) = Gap(new(data, count), offset);
        if (length == 0 || !new ReadOnlySpan<byte>(data + start, length).ContainsAnyExcept((byte)0))
            return file->Methods->OriginalWrite(file, data, count, offset);
        if (_page is null || _page.Length < count)
            _page = new byte[count];
        new ReadOnlySpan<byte>(data, count).CopyTo(_page);
        _page.AsSpan(start, length).Clear();
        fixed (byte* scrubbed = _page)
            return file->Methods->OriginalWrite(file, scrubbed, count, offset);
    }

    /// <summary>
    /// The unused part of a B-tree page, as the file format has it: header, pointers to the cells, gap, cells. Other pages begin with the
    /// number of a page, whose first byte is no type of a B-tree page in a file below <see cref="SqliteStore.MaxPages"/>.
    /// </summary>
    internal static (int Start, int Length) Gap(ReadOnlySpan<byte> page, long offset)
    {
        const int FileHeader = 100;
        if (page.Length < 512 || offset % page.Length != 0)
            return default;
        var at = offset == 0 ? FileHeader : 0;
        int header = page[at] switch
        {
            2 or 5 => 12,
            10 or 13 => 8,
            _ => 0,
        };
        if (header == 0)
            return default;
        var start = at + header + 2 * BinaryPrimitives.ReadUInt16BigEndian(page[(at + 3)..]);
        int content = BinaryPrimitives.ReadUInt16BigEndian(page[(at + 5)..]);
        if (content == 0)
            content = 65536;
        return start < content && content <= page.Length ? (start, content - start) : default;
    }

    [DllImport(Library)]
    private static extern Vfs* sqlite3_vfs_find(byte* name);

    [DllImport(Library)]
    private static extern int sqlite3_vfs_register(Vfs* vfs, int makeDefault);

    /// <summary><c>sqlite3_vfs</c>, version 3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version;
        public int FileSize;
        public int MaxPath;
        public Vfs* Next;
        public byte* Name;
        public nint Data;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, DataFile*, int, int*, int> Open;
        public Rest Others;

        [InlineArray(15)]
        public struct Rest
        {
            private nint _first;
        }
    }

    /// <summary><c>sqlite3_file</c>: what it can do, then what is the file layer's own.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct DataFile
    {
        public Methods* Methods;
    }

    /// <summary><c>sqlite3_io_methods</c>, version 3, and behind it the method that was replaced.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public nint Close;
        public nint Read;
        public delegate* unmanaged[Cdecl]<DataFile*, byte*, int, long, int> Write;
        public Rest Others;
        public delegate* unmanaged[Cdecl]<DataFile*, byte*, int, long, int> OriginalWrite;

        [InlineArray(15)]
        public struct Rest
        {
            private nint _first;
        }
    }
}
