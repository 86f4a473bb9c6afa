using System.Runtime.InteropServices;

namespace ChangeFeed.Testing;

/// <summary>
/// Lets the processes that tests start hear Ctrl+C. A shell that runs something in the background has it ignore SIGINT, all children inherit
/// that, and .NET keeps to it: without this, whether a test can interrupt a process would depend on how the tests were started.
/// </summary>
public static class InterruptibleChildren
{
    private const int Sigint = 2;
    private const nint DefaultAction = 0;

    /// <summary>From now on; to be called before a process is started that is to be interrupted.</summary>
    public static void Enable()
    {
        if (!OperatingSystem.IsWindows())
            signal(Sigint, DefaultAction);
    }

    [DllImport("libc")]
    private static extern nint signal(int signal, nint handler);
}
