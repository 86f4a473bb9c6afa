using System.Diagnostics;
using System.Globalization;
using ChangeFeed.Projections;
using Spectre.Console;

namespace Orders.Views.Tools;

/// <summary>A progress bar on a terminal; a plain line now and then where the output goes elsewhere.</summary>
internal static class ProgressDisplay
{
    public static async Task<T> RunAsync<T>(Func<IProgressDisplay, Task<T>> work)
    {
        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            await using var lines = new LineDisplay(Console.Out);
            return await work(lines);
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context => await work(new BarDisplay(context)));
    }

    private static string Describe(string step, long done, long? total, TimeSpan elapsed)
    {
        if (done == 0)
            return step;
        var rate = done / Math.Max(elapsed.TotalSeconds, 0.001);
        var text = string.Create(CultureInfo.InvariantCulture, $"{step}: {done:#,0} done, {rate:#,0}/s");
        return total > done ? string.Create(CultureInfo.InvariantCulture, $"{text}, {TimeSpan.FromSeconds((total.Value - done) / rate):mm\\:ss} left") : text;
    }

    private sealed class BarDisplay(ProgressContext context) : IProgressDisplay
    {
        private readonly Lock _lock = new();
        private ProgressTask? _task;
        private string _step = "";
        private long _done;
        private long? _total;
        private long _started;

        public void Begin(string step)
        {
            lock (_lock)
            {
                if (_task is { } last)
                    last.Value = last.MaxValue;
                (_step, _done, _total, _started) = (step, 0, null, Stopwatch.GetTimestamp());
                _task = context.AddTask(Markup.Escape(step));
                _task.IsIndeterminate = true;
            }
        }

        public void Total(long total)
        {
            lock (_lock)
            {
                _total = total;
                _task!.IsIndeterminate = false;
                _task.MaxValue = Math.Max(1, total);
            }
        }

        public void Advance(long done)
        {
            lock (_lock)
            {
                _done += done;
                _task!.Value = _done;
                _task.Description = Markup.Escape(Describe(_step, _done, _total, Stopwatch.GetElapsedTime(_started)));
            }
        }

        public void Say(string line) => AnsiConsole.WriteLine(line);
    }

    private sealed class LineDisplay : IProgressDisplay, IAsyncDisposable
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

        private readonly Lock _lock = new();
        private readonly TextWriter _output;
        private readonly Timer _timer;
        private string _step = "";
        private long _done;
        private long _printed;
        private long? _total;
        private long _started;

        public LineDisplay(TextWriter output)
        {
            _output = output;
            _timer = new Timer(_ => Print(), null, Interval, Interval);
        }

        public void Begin(string step)
        {
            Print();
            lock (_lock)
                (_step, _done, _printed, _total, _started) = (step, 0, 0, null, Stopwatch.GetTimestamp());
            Say(step);
        }

        public void Total(long total) => _total = total;

        public void Advance(long done)
        {
            lock (_lock)
                _done += done;
        }

        public void Say(string line)
        {
            lock (_lock)
            {
                Print(); // how far it was comes before what came of it
                _output.WriteLine(line);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _timer.DisposeAsync();
            Print();
        }

        private void Print()
        {
            lock (_lock)
            {
                if (_done == _printed)
                    return;
                _printed = _done;
                _output.WriteLine(Describe(_step, _done, _total, Stopwatch.GetElapsedTime(_started)));
            }
        }
    }
}
