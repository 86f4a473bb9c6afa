using ChangeFeed.Sinks.Writing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.Sinks.Tests.Writing;

/// <summary>Batches by size and time, order per key, bisection, and what comes of an outside that takes nothing.</summary>
public sealed class BatcherTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedSink _sink = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_batch_is_written_at_once()
    {
        await using var batcher = Create(new SinkOptions { BatchSize = 3, BatchDelay = TimeSpan.FromSeconds(10) });

        await Task.WhenAll(Enumerable.Range(0, 3).Select(n => batcher.WriteAsync($"{n}", $"{n}", Stop))).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        _sink.Batches.ShouldHaveSingleItem().ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task One_that_is_not_full_is_written_when_its_time_is_over()
    {
        await using var batcher = Create(new SinkOptions { BatchSize = 3, BatchDelay = TimeSpan.FromSeconds(1) });

        var written = batcher.WriteAsync("a", "a", Stop);
        await Eventually.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return written.IsCompleted;
        });

        _sink.Batches.ShouldHaveSingleItem().ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_key_is_in_a_batch_once_and_keeps_its_order()
    {
        await using var batcher = Create(new SinkOptions { BatchSize = 10, BatchDelay = TimeSpan.Zero });
        _sink.Hold = new TaskCompletionSource();
        var first = batcher.WriteAsync("x", "x0", Stop);
        await Eventually.UntilAsync(() => _sink.Batches.Count == 1);

        var rest = new[] { ("a", "a1"), ("a", "a2"), ("b", "b1"), ("a", "a3") }.Select(w => batcher.WriteAsync(w.Item1, w.Item2, Stop)).ToList();
        _sink.Hold.SetResult();
        await Task.WhenAll([first, .. rest]);

        _sink.Batches.Select(batch => string.Join(' ', batch)).ShouldBe(["x0", "a1 b1", "a2", "a3"]);
    }

    [Fact]
    public async Task What_is_refused_is_found_by_halving_and_everything_else_is_written()
    {
        await using var batcher = Create(new SinkOptions { BatchSize = 64, BatchDelay = TimeSpan.FromSeconds(1) });
        _sink.Refuse = item => item == "41";

        var writes = Enumerable.Range(0, 64).Select(n => batcher.WriteAsync($"{n}", $"{n}", Stop)).ToList();
        var refused = await Should.ThrowAsync<SinkRefusedException>(writes[41]);
        await Task.WhenAll(writes.Where((_, n) => n != 41));

        refused.Message.ShouldBe("41 is refused.");
        _sink.Written.Count.ShouldBe(63);
        _sink.Batches.Count.ShouldBe(1 + (2 * 6)); // two halves at each of six levels
    }

    [Fact]
    public async Task An_outside_that_takes_nothing_is_tried_again_and_then_all_of_the_batch_is_put_off()
    {
        await using var batcher = Create(new SinkOptions { BatchSize = 2, Attempts = 3, FirstPause = TimeSpan.FromSeconds(1) });
        _sink.IsDown = true;

        var writes = new[] { batcher.WriteAsync("a", "a", Stop), batcher.WriteAsync("b", "b", Stop) };
        await Eventually.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return writes.All(write => write.IsCompleted);
        });

        writes.ShouldAllBe(write => write.Exception!.InnerException is SinkUnavailableException);
        _sink.Batches.Count.ShouldBe(3); // and not halved
    }

    [Fact]
    public async Task Whoever_has_waited_too_long_is_put_off_too_and_not_written_later()
    {
        await using var batcher = Create(new SinkOptions
        {
            BatchSize = 1,
            BatchDelay = TimeSpan.Zero,
            MaxWait = TimeSpan.FromSeconds(2),
            WriteTimeout = TimeSpan.FromMinutes(1),
        });
        _sink.Hold = new TaskCompletionSource();
        var first = batcher.WriteAsync("a", "a", Stop);
        await Eventually.UntilAsync(() => _sink.Batches.Count == 1);
        var second = batcher.WriteAsync("b", "b", Stop);

        _time.Advance(TimeSpan.FromSeconds(2));

        (await Should.ThrowAsync<SinkUnavailableException>(second)).Message.ShouldContain("MaxWait");
        await Should.ThrowAsync<SinkUnavailableException>(first);
        _sink.Hold.SetResult();
        await Eventually.UntilAsync(() => _sink.Written.Contains("a"));
        _sink.Written.ShouldNotContain("b");
    }

    [Fact]
    public async Task A_write_that_is_never_answered_counts_as_an_outside_that_takes_nothing()
    {
        await using var batcher = Create(new SinkOptions
        {
            BatchSize = 1,
            BatchDelay = TimeSpan.Zero,
            Attempts = 1,
            WriteTimeout = TimeSpan.FromSeconds(1),
        });
        _sink.Hold = new TaskCompletionSource();

        var write = batcher.WriteAsync("a", "a", Stop);
        await Eventually.UntilAsync(() => _sink.Batches.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<SinkUnavailableException>(write)).Message.ShouldContain("WriteTimeout");
    }

    [Fact]
    public async Task A_sink_whose_client_gave_up_waiting_is_an_outside_that_takes_nothing()
    {
        // MassTransit asks what a failure began with, and one that began with a cancellation it takes for the consumer's own.
        await using var batcher = Create(new SinkOptions { BatchSize = 1, BatchDelay = TimeSpan.Zero, Attempts = 1 });
        foreach (var failure in new Exception[]
                 {
                     new TaskCanceledException("100 seconds elapsed"), new SinkUnavailableException("100 seconds elapsed", new TaskCanceledException()),
                 })
        {
            _sink.Fail = failure;
            var unavailable = await Should.ThrowAsync<SinkUnavailableException>(batcher.WriteAsync("a", "a", Stop));
            unavailable.Message.ShouldContain("100 seconds elapsed");
            unavailable.GetBaseException().ShouldBe(unavailable);
        }
    }

    [Theory]
    [InlineData(nameof(SinkOptions.BatchSize), "Sinks:Search:BatchSize is 0; it must be 1 to 1000.")]
    [InlineData(nameof(SinkOptions.MaxWait), "Sinks:Search:MaxWait is 00:02:00; it must be 1 to 80 seconds.")]
    public void A_wrong_option_is_named_with_what_it_must_be(string option, string problem)
    {
        var options = option == nameof(SinkOptions.BatchSize) ? new SinkOptions { BatchSize = 0 } : new SinkOptions { MaxWait = TimeSpan.FromMinutes(2) };

        options.Validate("Sinks:Search").ShouldBe([problem]);
    }

    private Batcher<string> Create(SinkOptions options) => new("test", _sink, options, _time, NullLogger.Instance);

    private sealed class ScriptedSink : ISink<string>
    {
        private readonly Lock _lock = new();
        private readonly List<IReadOnlyList<string>> _batches = [];

        public TaskCompletionSource? Hold { get; set; }

        public Func<string, bool> Refuse { get; set; } = _ => false;

        public bool IsDown { get; set; }

        public Exception? Fail { get; set; }

        public List<string> Written { get; } = [];

        public IReadOnlyList<IReadOnlyList<string>> Batches
        {
            get
            {
                lock (_lock)
                    return [.. _batches];
            }
        }

        public async Task WriteAsync(IReadOnlyList<string> batch, CancellationToken cancellationToken)
        {
            lock (_lock)
                _batches.Add([.. batch]);
            if (Hold is { } hold)
                await hold.Task;
            if (Fail is not null)
                throw Fail;
            if (IsDown)
                throw new SinkUnavailableException("down");
            if (batch.FirstOrDefault(Refuse) is { } refused)
                throw new SinkRefusedException($"{refused} is refused.");
            Written.AddRange(batch);
        }
    }
}
