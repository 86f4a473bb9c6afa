using System.Collections.Concurrent;
using System.Diagnostics;

namespace TestSupport;

/// <summary>A command of the views, as an operator gives it: <c>dotnet run --project src/orders/Orders.Views -- …</c>.</summary>
internal sealed class ViewsCommand : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ViewsCommand(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => { if (line.Data is not null) _output.Enqueue(line.Data); };
        _process.ErrorDataReceived += (_, line) => { if (line.Data is not null) _output.Enqueue(line.Data); };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join(Environment.NewLine, _output);

    public static ViewsCommand Start(RunningPipeline pipeline, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [RunningPipeline.Assembly("src/orders/Orders.Views"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in pipeline.Environment)
            start.Environment[name] = value;
        start.Environment["ConnectionStrings__cosmos"] = pipeline.ConnectionString;
        return new ViewsCommand(new Process { StartInfo = start });
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(RunningPipeline pipeline, params string[] arguments)
    {
        await using var command = Start(pipeline, arguments);
        return (await command.ExitAsync(), command.Output);
    }

    public Task PrintsAsync(string text) => Eventually.GetAsync(
        () => Task.FromResult(Output), output => output.Contains(text, StringComparison.Ordinal) || _process.HasExited, Limit, $"'{text}'");

    /// <summary>Ctrl+C.</summary>
    public void Interrupt() => _process.SendInterrupt();

    /// <summary>kill -9.</summary>
    public void Kill() => Signals.SendKill(_process.Id);

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
