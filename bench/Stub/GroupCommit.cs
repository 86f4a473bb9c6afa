using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bench.Stub;

/// <summary>
/// One fdatasync per group of waiting writes, on a file that was written once before, so that a sync changes no metadata: what durability
/// costs at least. The first writer to arrive syncs on its own thread, which spares a lone write two thread switches.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private const int Size = 64 << 20;

    private readonly SafeFileHandle _file;
    private readonly Lock _gate = new();
    private List<Write> _waiting = [];
    private List<Write> _spare = [];
    private bool _busy;
    private long _position;

    public GroupCommit(string path)
    {
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var zeros = new byte[1 << 20];
        for (long at = 0; at < Size; at += zeros.Length)
            RandomAccess.Write(_file, zeros, at);
        RandomAccess.FlushToDisk(_file);
    }

    /// <summary>Runs <paramref name="apply"/> once the bytes are on disk; groups are applied in order, one at a time.</summary>
    public Task<T> WriteAsync<T>(ReadOnlyMemory<byte> bytes, Func<T> apply)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add(new Write(bytes, () => done.SetResult(apply()), done.SetException));
            if (_busy)
                return done.Task;
            _busy = true;
        }

        CommitOneGroup();
        return done.Task;
    }

    public void Dispose() => _file.Dispose();

    private void CommitOneGroup()
    {
        List<Write> group;
        lock (_gate)
        {
            (group, _waiting, _spare) = (_waiting, _spare, []);
        }

        try
        {
            RandomAccess.Write(_file, group.ConvertAll(w => w.Bytes), Advance(group.Sum(w => (long)w.Bytes.Length)));
            Sync(_file);
            foreach (var write in group)
                write.Apply();
        }
        catch (IOException e)
        {
            foreach (var write in group)
                write.Fail(e);
        }

        group.Clear();
        lock (_gate)
        {
            _spare = group;
            if (_waiting.Count == 0)
            {
                _busy = false;
                return;
            }
        }

        // Handed on, so that this thread can answer its own request.
        ThreadPool.UnsafeQueueUserWorkItem(static commit => commit.CommitOneGroup(), this, preferLocal: false);
    }

    private long Advance(long length)
    {
        if (_position + length > Size)
            _position = 0;
        _position += length;
        return _position - length;
    }

    private static void Sync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (FDataSync(file) != 0)
            throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int FDataSync(SafeFileHandle file);

    private sealed record Write(ReadOnlyMemory<byte> Bytes, Action Apply, Action<Exception> Fail);
}
