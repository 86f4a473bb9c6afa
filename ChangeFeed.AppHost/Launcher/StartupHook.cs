using System.Diagnostics;
using System.Runtime.InteropServices;

/// <summary>
/// Runs inside every process the launcher starts, before its Main (DOTNET_STARTUP_HOOKS), so that no process needs code of its own to end
/// with the launcher: its standard input is a pipe that the launcher holds and that the system closes however the launcher ends.
/// The runtime wants exactly this name, outside any namespace.
/// </summary>
static class StartupHook
{
    const int Sigterm = 15;
    const uint CtrlBreak = 1;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static void Initialize()
    {
        LeaveTheHookToThisProcessAlone();
        // Ctrl+C in a terminal reaches its whole process group: outside it, the launcher alone decides who stops when.
        if (!OperatingSystem.IsWindows()) setpgid(0, 0);
        new Thread(StopWhenTheLauncherIsGone, maxStackSize: 128 * 1024) { IsBackground = true, Name = "launcher watch" }.Start();
    }

    static void StopWhenTheLauncherIsGone()
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (input.Read(buffer) > 0) { }

        if (OperatingSystem.IsWindows()) GenerateConsoleCtrlEvent(CtrlBreak, (uint)Environment.ProcessId);
        else kill(Environment.ProcessId, Sigterm);
        Thread.Sleep(Grace);
        Process.GetCurrentProcess().Kill();
    }

    static void LeaveTheHookToThisProcessAlone()
    {
        const string variable = "DOTNET_STARTUP_HOOKS";
        var others = (Environment.GetEnvironmentVariable(variable) ?? "").Split(Path.PathSeparator)
            .Where(path => path.Length > 0 && path != typeof(StartupHook).Assembly.Location);
        Environment.SetEnvironmentVariable(variable, string.Join(Path.PathSeparator, others) is { Length: > 0 } rest ? rest : null);
    }

    [DllImport("libc")]
    static extern int setpgid(int pid, int processGroup);

    [DllImport("libc")]
    static extern int kill(int pid, int signal);

    [DllImport("kernel32.dll")]
    static extern int GenerateConsoleCtrlEvent(uint controlEvent, uint processGroup);
}
