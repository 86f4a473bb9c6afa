using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>What several ask for is read once, and never older than promised.</summary>
public sealed class SharedReadTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly SharedRead<string> _shared;
    private readonly List<TaskCompletionSource<string?>> _reads = [];

    public SharedReadTests() => _shared = new SharedRead<string>(MaxAge, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_comes_during_a_read_or_soon_after_is_given_what_it_found()
    {
        var (first, second) = (AskAsync(), AskAsync());
        _reads.Single().SetResult("found");
        (await first).ShouldBe("found");
        (await second).ShouldBe("found");

        _time.Advance(MaxAge - TimeSpan.FromTicks(1));
        (await AskAsync()).ShouldBe("found");
    }

    [Fact]
    public async Task What_was_asked_for_too_long_ago_is_read_again()
    {
        var first = AskAsync();
        _time.Advance(MaxAge); // it took that long
        _reads.Single().SetResult("old");
        (await first).ShouldBe("old");

        var second = AskAsync();
        _reads.Count.ShouldBe(2);
        _reads[1].SetResult("new");
        (await second).ShouldBe("new");
    }

    [Fact]
    public async Task Who_asks_after_it_was_to_be_forgotten_is_not_given_what_was_being_read_then()
    {
        var before = AskAsync();
        _shared.Forget();
        var after = AskAsync();
        _reads.Count.ShouldBe(2);
        _reads[1].SetResult("new");
        (await after).ShouldBe("new");
        _reads[0].SetResult("old");
        (await before).ShouldBe("old");

        (await AskAsync()).ShouldBe("new");
    }

    [Fact]
    public async Task A_read_that_fails_is_the_failure_of_the_one_who_read()
    {
        var (first, second, third) = (AskAsync(), AskAsync(), AskAsync());
        _reads.Single().SetException(new TimeoutException());
        await Should.ThrowAsync<TimeoutException>(() => first);

        // Side by side: nobody waits for the failures of all before.
        await Eventually.UntilAsync(() => _reads.Count == 3, "the others read for themselves");
        _reads[1].SetResult("b");
        _reads[2].SetResult("c");
        new[] { await second, await third }.ShouldBe(["b", "c"], ignoreOrder: true);
    }

    [Fact]
    public async Task Who_gives_up_takes_no_other_with_it()
    {
        using var stop = new CancellationTokenSource();
        var (first, second) = (AskAsync(stop.Token), AskAsync());

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await Eventually.UntilAsync(() => _reads.Count == 2, "the other reads for itself");
        _reads[1].SetResult("found");
        (await second).ShouldBe("found");
    }

    private Task<string?> AskAsync(CancellationToken? stop = null) => _shared.GetAsync(
        cancellationToken =>
        {
            var read = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_reads)
                _reads.Add(read);
            return read.Task.WaitAsync(cancellationToken);
        },
        stop ?? Cancel);
}
