namespace Bench.Harness;

/// <summary>What the processes have in common that are this program in another role.</summary>
internal static class Role
{
    /// <summary>How the line begins with which a role says that it is ready.</summary>
    public const string ReadyLine = "ready ";

    public static void SayReady(string what) => Console.WriteLine(ReadyLine + what);

    /// <summary>Until told to stop, or until the program that started this one is gone: it holds the other end of standard input.</summary>
    public static async Task UntilStoppedAsync(CancellationToken stop)
    {
        var orphaned = new TaskCompletionSource();
        new Thread(() =>
        {
            while (Console.In.ReadLine() is not null)
            {
            }

            orphaned.SetResult();
        })
        { IsBackground = true }.Start();
        await Task.WhenAny(orphaned.Task, Task.Delay(Timeout.Infinite, stop));
    }
}
