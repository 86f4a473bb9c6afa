using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChangeFeed.Sinks.Testing;

/// <summary>
/// What every sink must survive. Each test ends with the same question: is what is outside exactly what folding the streams gives?
/// </summary>
public abstract class SinkConformance : IAsyncLifetime
{
    private static readonly TimeSpan Rarely = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);

    // Long outages are bridged by pauses that double; tests do not wait so long.
    private static readonly SinkOptions Quick = new()
    {
        Attempts = 2,
        FirstPause = TimeSpan.FromMilliseconds(20),
        BatchDelay = TimeSpan.FromMilliseconds(5),
        WriteTimeout = TimeSpan.FromSeconds(2),
    };

    private readonly Trouble _trouble = new();
    private readonly List<SinkHost> _hosts = [];
    private SinkOutside _outside = null!;
    private SinkStore _store = null!;

    /// <summary>A new outside, empty.</summary>
    protected abstract Task<SinkOutside> StartOutsideAsync();

    public async ValueTask InitializeAsync()
    {
        _outside = await StartOutsideAsync();
        _store = await SinkStore.StartAsync(_outside.Types);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
        if (_outside is not null)
            await _outside.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_outside_is_what_the_streams_say()
    {
        await AppendAsync(streams: 60, versions: 3);
        await StartAsync(Often);
        await AppendAsync(streams: 60, versions: 2, from: 3);

        await ConvergesAsync();
        _trouble.Batches.ShouldBeLessThan(_trouble.Items); // gathered, not one by one
    }

    [Fact]
    public async Task Killed_between_write_and_checkpoint_it_goes_on_elsewhere_and_nothing_counts_twice()
    {
        await AppendAsync(streams: 40, versions: 3);
        var killed = await StartAsync(Rarely);
        var written = new TaskCompletionSource();
        _trouble.After = async stop =>
        {
            // Written, and nobody is told: neither the rider nor, through it, the lease.
            written.TrySetResult();
            killed.CutOff();
            await Task.Delay(Timeout.Infinite, stop);
        };
        await written.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        _trouble.After = _ => Task.CompletedTask;

        await StartAsync(Often);
        await AppendAsync(streams: 40, versions: 2, from: 3);
        await ConvergesAsync();
    }

    [Fact]
    public async Task Everything_delivered_again_changes_nothing()
    {
        await AppendAsync(streams: 40, versions: 4);
        var first = await StartAsync(Rarely);
        await ConvergesAsync();
        first.CutOff(); // before any checkpoint

        var before = _trouble.Items;
        await StartAsync(Often);
        await Eventually.UntilAsync(() => _trouble.Items >= before + (40 * 4), "everything again");
        await ConvergesAsync();
    }

    [Fact]
    public async Task Two_instances_share_and_take_over_from_each_other()
    {
        await AppendAsync(streams: 10, versions: 1);
        await StartAsync(Often);
        await ConvergesAsync();
        var writing = AppendAsync(streams: 40, versions: 20, first: 100);
        var second = await StartAsync(Often);
        await writing;
        await ConvergesAsync();

        second.CutOff();
        await AppendAsync(streams: 40, versions: 5, from: 20, first: 100);
        await ConvergesAsync();
    }

    [Fact]
    public async Task While_the_outside_is_down_events_wait_and_none_is_parked()
    {
        await AppendAsync(streams: 20, versions: 1);
        var host = await StartAsync(Often);
        await ConvergesAsync();

        await _outside.TakeDownAsync();
        await AppendAsync(streams: 60, versions: 3, first: 100);
        await Eventually.UntilAsync(() => host.Log.Lines.Any(line => line.Contains("not available")), "a write that fails");
        await Eventually.UntilAsync(async () => (await host.HealthAsync()).Status != HealthStatus.Healthy, "health says so");
        await _outside.BringBackAsync();

        await ConvergesAsync();
        (await _store.Letters.ParkedAsync(_outside.Define(_trouble, Quick).Endpoint, cancellationToken: TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_outside_that_never_answers_is_waited_for_and_nothing_is_parked()
    {
        var hangs = true;
        _trouble.Before = stop => hangs ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask;
        await AppendAsync(streams: 5, versions: 2);
        var host = await StartAsync(Often);
        await Eventually.UntilAsync(() => host.Log.Lines.Any(line => line.Contains("blocked on event")), "an event that is waited with");
        hangs = false;

        await ConvergesAsync();
        (await _store.Letters.ParkedAsync(_outside.Define(_trouble, Quick).Endpoint, cancellationToken: TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_slow_outside_is_lag_and_nothing_else()
    {
        _trouble.Before = stop => Task.Delay(100, stop);
        await StartAsync(Often);
        await AppendAsync(streams: 100, versions: 2);

        await ConvergesAsync();
        (await _store.Letters.ParkedAsync(_outside.Define(_trouble, Quick).Endpoint, cancellationToken: TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_document_in_a_thousand_that_is_refused_parks_its_stream_alone_and_is_replayed()
    {
        var refuses = true;
        _trouble.Refuses = key => refuses && key == Key(777);
        await AppendAsync(streams: 1000, versions: 1);
        await StartAsync(Often);
        await AppendAsync(streams: 1, versions: 1, from: 1, first: 777);

        await ConvergesAsync(except: Key(777));
        var endpoint = _outside.Define(_trouble, Quick).Endpoint;
        await Eventually.UntilAsync(
            async () => (await _store.Letters.ParkedAsync(endpoint, cancellationToken: TestContext.Current.CancellationToken)).Count == 1, "the parked stream");
        refuses = false;
        await _store.Letters.ReplayAsync(endpoint, Key(777), "test", "mended", TestContext.Current.CancellationToken);
        await ConvergesAsync();
    }

    [Fact]
    public async Task An_erased_person_is_gone_from_outside_and_does_not_come_back()
    {
        Assert.SkipWhen(_outside.Erase is null, "What is outside says nothing of persons.");
        var erased = _outside.Erase!;
        _trouble.Refuses = key => key == Key(3); // its stream is parked: it is erased all the same
        await AppendAsync(streams: 20, versions: 2);
        var first = await StartAsync(Rarely);
        await ConvergesAsync(except: Key(3));
        await AppendAsync(streams: 1, versions: 1, from: 2, first: 3);
        _trouble.Refuses = _ => false;
        for (var n = 0; n < 10; n++)
            await _store.AppendAsync(Key(n), n == 3 ? 3 : 2, erased);
        await ConvergesAsync();

        first.CutOff(); // all of it comes again, from before the erasure
        var before = _trouble.Items;
        await StartAsync(Often);
        await Eventually.UntilAsync(() => _trouble.Items > before + 40, "again");
        await ConvergesAsync();
    }

    [Fact]
    public async Task It_is_rebuilt_from_the_beginning_beside_the_one_that_serves()
    {
        await AppendAsync(streams: 40, versions: 3);
        await StartAsync(Often);
        await ConvergesAsync();

        await StartAsync(Often, generation: 2);
        await AppendAsync(streams: 40, versions: 3, from: 3);
        await ConvergesAsync(generation: 2);
        await ConvergesAsync(generation: 1);
    }

    private static string Key(int n) => $"0190a1b2-0000-7000-8000-{n:x12}";

    private async Task<SinkHost> StartAsync(TimeSpan checkpoints, int generation = 1)
    {
        var host = await SinkHost.StartAsync(_store, [_outside.Define(_trouble, Quick, generation)], checkpoints);
        _hosts.Add(host);
        return host;
    }

    private async Task AppendAsync(int streams, int versions, int from = 0, int first = 0)
    {
        for (var version = from; version < from + versions; version++)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(first, streams),
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
                async (n, _) => await _store.AppendAsync(Key(n), version, version == 0 ? _outside.Begin(n) : _outside.Continue(version)));
        }
    }

    /// <summary>Waits until the outside is exactly what the streams say.</summary>
    private async Task ConvergesAsync(int generation = 1, string? except = null)
    {
        var expected = Lines(_outside.Expected(await _store.StreamsAsync()));
        try
        {
            await Eventually.UntilAsync(
                async () => Lines(await _outside.ReadAsync(generation)).SequenceEqual(expected), "The outside as the streams say", TimeSpan.FromSeconds(90));
        }
        catch (TimeoutException)
        {
            foreach (var line in _hosts.SelectMany(host => host.Log.Lines).TakeLast(200))
                TestContext.Current.TestOutputHelper?.WriteLine(line);
            Lines(await _outside.ReadAsync(generation)).ShouldBe(expected); // shows the difference
            throw;
        }

        List<string> Lines(IReadOnlyDictionary<string, string> all) =>
            [.. all.Where(pair => pair.Key != except).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}")];
    }
}
