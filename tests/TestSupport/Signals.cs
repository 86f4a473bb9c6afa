using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TestSupport;

/// <summary>What a person at a terminal, or the kernel, sends to a process.</summary>
internal static class Signals
{
    private const int Interrupt = 2;
    private const int Killed = 9;

    /// <summary>Ctrl+C.</summary>
    public static void SendInterrupt(this Process process) => Send(process.Id, Interrupt);

    /// <summary>kill -9: no clean-up of any kind.</summary>
    public static void SendKill(int processId) => Send(processId, Killed);

    /// <summary>The same of a process that may have ended meanwhile.</summary>
    public static void TrySendKill(int processId) => _ = kill(processId, Killed);

    private static void Send(int processId, int signal)
    {
        // Zero and less mean groups of processes, the test's own among them.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        if (kill(processId, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} to process {processId} failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}
