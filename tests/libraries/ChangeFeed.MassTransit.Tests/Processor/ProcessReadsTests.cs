using System.Diagnostics;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>What the endpoints of a process look at now and then, they look at together.</summary>
public sealed class ProcessReadsTests(Store store)
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 8).Select(n => $"endpoint-{n}")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoints_of_a_process_read_commands_and_requests_once_for_all()
    {
        var interval = TimeSpan.FromSeconds(1);
        var (controls, letters) = (await store.CreateContainerAsync("/endpoint", small: true), await store.CreateContainerAsync("/endpoint", small: true));
        var requests = new CountedRequests { Queried = controls.Id };
        using var client = store.CreateSmallClient(requests);
        await using var feed = await Feed.CreateAsync(store);
        await feed.StartAsync(
            new Seen(),
            feed: f =>
            {
                f.Controls(_ => client.GetContainer(controls.Database.Id, controls.Id));
                f.DeadLetters(_ => client.GetContainer(letters.Database.Id, letters.Id));
                foreach (var name in Names)
                    f.Endpoint(name, endpoint => endpoint.AddConsumer<SeenConsumer>());
            },
            settings: values => values["ChangeFeed:ControlInterval"] = interval.ToString());
        await Eventually.UntilAsync(() => requests.Reads(letters) >= 5, "each has begun, for itself, and some looks are over");
        requests.Clear();
        var start = Stopwatch.GetTimestamp();

        await Eventually.UntilAsync(() => requests.Reads(controls) >= 6 && requests.Reads(letters) >= 6, "they look");

        // Each for itself would be nine of both in an interval.
        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThan(interval * 2);
    }

    [Fact]
    public async Task A_command_and_a_request_for_one_of_them_reach_that_one()
    {
        await using var feed = await Feed.CreateAsync(store);
        var (controls, letters) = (await store.CreateContainerAsync("/endpoint"), await store.CreateContainerAsync("/endpoint"));
        var seen = new Seen { Before = (_, _) => throw new TimeoutException("no answer") };
        await feed.StartAsync(
            seen,
            feed: f =>
            {
                f.Controls(_ => controls);
                f.DeadLetters(_ => letters);
                f.Endpoint("other", endpoint =>
                {
                    endpoint.Retry(retry => global::MassTransit.RetryConfigurationExtensions.None(retry));
                    endpoint.AddConsumer<SeenConsumer>();
                });
            },
            settings: values => values["ChangeFeed:ControlInterval"] = "00:00:00.200");
        await feed.AppendAsync("s", 0, new ThingHappened(0));
        var client = new DeadLetterClient(letters, TimeProvider.System);
        await Eventually.UntilAsync(async () => await ParkedAsync("test") == 1 && await ParkedAsync("other") == 1, "both park it");

        seen.Before = (_, _) => Task.CompletedTask;
        await client.ReplayAsync("other", "s", "ada", cancellationToken: Cancel);

        await Eventually.UntilAsync(async () => await ParkedAsync("other") == 0, "the one is replayed");
        (await ParkedAsync("test")).ShouldBe(1);

        async Task<int> ParkedAsync(string endpoint) => (await client.ParkedAsync(endpoint, Cancel)).Count;
    }

    /// <summary>Counts what leaves the client.</summary>
    private sealed class CountedRequests : RequestHandler
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, int> _counts = [];

        public required string Queried { get; init; }

        public int Reads(Container container)
        {
            lock (_lock)
                return _counts.GetValueOrDefault(container.Id);
        }

        public void Clear()
        {
            lock (_lock)
                _counts.Clear();
        }

        public override Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            // The feed of one container, queries of the other. Writes are heartbeats, and requests that were made before are asked for once.
            var container = request.RequestUri.OriginalString.Split('/')[3];
            if (request.Headers["A-IM"] is not null || (request.Headers.ContentType == "application/query+json" && container == Queried))
            {
                lock (_lock)
                    _counts[container] = _counts.GetValueOrDefault(container) + 1;
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
