using System.Net;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Directed;

public sealed record Counted(int Number);

[JsonSerializable(typeof(Counted))]
internal sealed partial class CountedJson : JsonSerializerContext;

/// <summary>An append whose epoch ended after it was written and before it was acknowledged: it is done again, finds itself, and counts once.</summary>
public sealed class RepeatedAppendTests(TwoStores stores) : IClassFixture<TwoStores>
{
    private static EventTypeMap Types { get; } = new EventTypeMap().Add(CountedJson.Default.Counted);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task It_is_acknowledged_once(int events)
    {
        var late = new LateAnswers();
        await using var streams = await StartAsync(late);
        var store = new CosmosEventStore(streams.Container, Types, TimeProvider.System);
        await store.AppendAsync("s", CosmosEventStore.NoStream, [new Counted(0)], new AppendContext("test"), TwoStores.Stop);
        late.Next = () => streams.SwitchAsync();
        var appended = await store.AppendAsync(
            "s", 0, [.. Enumerable.Range(1, events).Select(n => new Counted(n))], new AppendContext("test"), TwoStores.Stop);
        late.Next.ShouldBeNull("it was written before the switch");
        (await streams.Directed.RouteAsync(0, TwoStores.Stop)).Generation.ShouldBe(2);
        var stream = await store.ReadStreamAsync("s", TwoStores.Stop);
        stream.Select(e => ((Counted)e.Data).Number).ShouldBe(Enumerable.Range(0, events + 1));
        stream.Skip(1).Select(e => e.Meta.EventId).ShouldBe(appended.Select(e => e.Meta.EventId));
    }

    [Fact]
    public async Task A_second_writer_is_refused_all_the_same()
    {
        var late = new LateAnswers();
        await using var streams = await StartAsync(late);
        var store = new CosmosEventStore(streams.Container, Types, TimeProvider.System);
        await store.AppendAsync("s", CosmosEventStore.NoStream, [new Counted(0)], new AppendContext("test"), TwoStores.Stop);
        late.Next = () => streams.SwitchAsync();
        await Should.ThrowAsync<WrongExpectedVersionException>(() => store.AppendAsync(
            "s", CosmosEventStore.NoStream, [new Counted(9)], new AppendContext("test"), TwoStores.Stop));
        (await store.ReadStreamAsync("s", TwoStores.Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_reaction_finds_what_it_did()
    {
        var late = new LateAnswers();
        await using var streams = await StartAsync(late);
        var store = new CosmosEventStore(streams.Container, Types, TimeProvider.System);
        var cause = (await store.AppendAsync("s", CosmosEventStore.NoStream, [new Counted(0)], new AppendContext("test"), TwoStores.Stop))[0];
        late.Next = () => streams.SwitchAsync();
        var reaction = await store.ReactAsync(
            cause, "reactor", (_, _) => ValueTask.FromResult<IReadOnlyList<object>>([new Counted(1)]), TwoStores.Stop);
        reaction.AlreadyDone.ShouldBeTrue();
        (await store.ReadStreamAsync("s", TwoStores.Stop)).Select(e => ((Counted)e.Data).Number).ShouldBe([0, 1]);
    }

    private Task<DirectedBaskets> StartAsync(LateAnswers late) => DirectedBaskets.StartAsync(
        stores, name => new MigrationRequest(TwoStores.Old(name), TwoStores.New(name), ["/streamId"]),
        properties => properties.PartitionKeyPath = "/streamId", _ => new LateAnswers.Handler(late));

    /// <summary>Does something when a document was written, before whoever wrote it knows.</summary>
    private sealed class LateAnswers
    {
        public Func<Task>? Next { get; set; }

        internal sealed class Handler(LateAnswers late) : RequestHandler
        {
            public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
            {
                var response = await base.SendAsync(request, cancellationToken);
                var isWrite = response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict
                    || request.Headers["x-ms-cosmos-is-batch-request"] is not null;
                if (late.Next is not { } next || !isWrite || request.RequestUri.OriginalString.Contains("migrations", StringComparison.Ordinal))
                    return response;
                late.Next = null;
                await next();
                return response;
            }
        }
    }
}
