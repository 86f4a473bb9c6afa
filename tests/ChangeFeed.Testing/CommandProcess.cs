using System.Diagnostics;

namespace ChangeFeed.Testing;

/// <summary>A command that lies beside the test which refers to it, as a user gives it: a process of its own, which can be killed.</summary>
/// <param name="name">Its program, such as <c>migrate</c>.</param>
/// <param name="environment">What it is told by the environment.</param>
public sealed class CommandProcess(string name, params IEnumerable<(string Name, string Value)> environment)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts it.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end; what it said, never a stack trace, goes to the test's output.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop).WaitAsync(Deadline, Stop);
        await process.WaitForExitAsync(Stop).WaitAsync(Deadline, Stop);
        var text = (output + await errors).Trim();
        text.ShouldNotContain("   at ");
        TestContext.Current.TestOutputHelper?.WriteLine($"{DateTime.Now:HH:mm:ss} > {name} {string.Join(' ', arguments)}{Environment.NewLine}{text}");
        return (process.ExitCode, text);
    }

    /// <summary>As kill -9 does.</summary>
    public static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
