using System.Net;
using System.Net.Http.Headers;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>Endpoints of one process share the answers of the feed, and nothing else.</summary>
public sealed class SharedFeedReadsTests
{
    private readonly Origin _origin = new();
    private readonly HttpMessageInvoker _client;

    public SharedFeedReadsTests() => _client = new(new SharedFeedReads(_origin, TimeProvider.System));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_the_same_while_an_answer_is_awaited_gets_that_answer()
    {
        var first = AskAsync("1");
        var second = AskAsync("1");
        _origin.Requests.ShouldBe(1);

        _origin.Answer("page", "2");

        (await TextAsync(first)).ShouldBe(("page", "\"2\""));
        (await TextAsync(second)).ShouldBe(("page", "\"2\""));
    }

    [Fact]
    public async Task Who_comes_to_the_same_place_later_gets_the_page_that_was_read_there()
    {
        var first = AskAsync("1");
        _origin.Answer("page", "2");
        await first;

        (await TextAsync(AskAsync("1"))).ShouldBe(("page", "\"2\""));
        _origin.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData("2", "0", null)]
    [InlineData("1", "1", null)]
    [InlineData("1", "0", "type=A")]
    public async Task Another_place_or_partition_or_wish_is_another_request(string place, string range, string? wake)
    {
        var first = AskAsync("1");
        _ = AskAsync(place, range, wake);

        _origin.Requests.ShouldBe(2);
        _origin.Answer("page", "2");
        await first;
    }

    [Fact]
    public async Task A_reader_that_gives_up_takes_no_other_with_it()
    {
        using var stop = new CancellationTokenSource();
        var first = AskAsync("1", stop: stop.Token);
        var second = AskAsync("1");

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await Eventually.UntilAsync(() => _origin.Requests == 2, "the other asks for itself");
        _origin.Answer("page", "2");

        (await TextAsync(second)).ShouldBe(("page", "\"2\""));
    }

    [Fact]
    public async Task A_follower_that_gives_up_leaves_the_one_that_asks_alone()
    {
        using var stop = new CancellationTokenSource();
        var first = AskAsync("1");
        var second = AskAsync("1", stop: stop.Token);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        _origin.Answer("page", "2");

        (await TextAsync(first)).ShouldBe(("page", "\"2\""));
    }

    [Fact]
    public async Task A_refusal_is_for_each_to_hear_itself()
    {
        var first = AskAsync("1");
        var second = AskAsync("1");

        _origin.Refuse(HttpStatusCode.Gone);
        (await first).StatusCode.ShouldBe(HttpStatusCode.Gone);
        await Eventually.UntilAsync(() => _origin.Requests == 2, "the other asks for itself");
        _origin.Refuse(HttpStatusCode.Gone);
        (await second).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task That_there_is_nothing_new_is_not_remembered()
    {
        var first = AskAsync("1");
        _origin.Refuse(HttpStatusCode.NotModified);
        (await first).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        var second = AskAsync("1");
        _origin.Requests.ShouldBe(2);
        _origin.Answer("page", "2");
        await second;
    }

    [Fact]
    public async Task What_nobody_holds_open_passes()
    {
        var first = AskAsync("1", hold: false);
        var second = AskAsync("1", hold: false);

        _origin.Requests.ShouldBe(2);
        _origin.Answer("page", "2");
        await Task.WhenAll(first, second);
    }

    private Task<HttpResponseMessage> AskAsync(
        string place, string range = "0", string? wake = null, bool hold = true, CancellationToken? stop = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://store/dbs/d/colls/events/docs");
        request.Headers.Add("A-IM", "Incremental Feed");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{place}\""));
        request.Headers.Add("x-ms-documentdb-partitionkeyrangeid", range);
        if (hold)
            request.Headers.Add(ChangeFeedRequestHandler.HoldHeader, "30000");
        if (wake is not null)
            request.Headers.Add(ChangeFeedRequestHandler.WakeHeader, wake);
        return _client.SendAsync(request, stop ?? Cancellation);
    }

    private static async Task<(string Body, string ETag)> TextAsync(Task<HttpResponseMessage> asking)
    {
        using var response = await asking;
        return (await response.Content.ReadAsStringAsync(Cancellation), response.Headers.ETag!.ToString());
    }

    /// <summary>Holds what it is asked until it is told what to answer.</summary>
    private sealed class Origin : HttpMessageHandler
    {
        private readonly List<TaskCompletionSource<Func<HttpResponseMessage>>> _held = [];

        public int Requests { get; private set; }

        public void Answer(string body, string etag) => Release(() => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(body),
            Headers = { ETag = new EntityTagHeaderValue($"\"{etag}\"") },
        });

        public void Refuse(HttpStatusCode status) => Release(() => new HttpResponseMessage(status));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            TaskCompletionSource<Func<HttpResponseMessage>> held = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_held)
            {
                Requests++;
                _held.Add(held);
            }

            return (await held.Task.WaitAsync(cancellationToken))();
        }

        private void Release(Func<HttpResponseMessage> answer)
        {
            lock (_held)
            {
                foreach (var held in _held)
                    held.TrySetResult(answer);
                _held.Clear();
            }
        }
    }
}
