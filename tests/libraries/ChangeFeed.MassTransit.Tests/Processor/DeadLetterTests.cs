using System.Text;
using System.Text.Json.Nodes;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>Parking, replay and discard on the real SDK and the embedded store.</summary>
public sealed class DeadLetterTests(Store store) : IAsyncLifetime
{
    private readonly Seen _seen = new();
    private volatile bool _broken = true;
    private Feed _feed = null!;
    private Container _letters = null!;
    private DeadLetterClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _feed = await Feed.CreateAsync(store);
        _letters = await store.CreateContainerAsync("/endpoint");
        _client = new DeadLetterClient(_letters, TimeProvider.System);
        _seen.Before = (e, _) => _broken && e.StreamId == "bad" && e.Version >= 1
            ? throw new InvalidOperationException("the tax office is closed") : Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    [Fact]
    public async Task A_parked_stream_waits_in_order_while_the_others_go_on_and_a_replay_lets_it_go_on()
    {
        await StartAsync();
        await AppendAsync("bad", 0, 4);
        await AppendAsync("good", 0, 4);
        await Eventually.UntilAsync(() => _seen.Has("good", 3), "the other stream");
        await WaitingAsync(3);

        var parked = (await _client.ParkedAsync("test", Cancel)).Single();
        parked.StreamId.ShouldBe("bad");
        parked.Version.ShouldBe(1);
        parked.Error.ShouldBe("the tax office is closed");
        var first = (await _client.LettersAsync("test", "bad", Cancel))[0];
        first.Version.ShouldBe(1);
        first.Type.ShouldBe("ThingHappened");
        first.Attempts.ShouldBe(1);
        first.Error!.Type.ShouldBe(typeof(InvalidOperationException).FullName);
        first.Document.GetProperty("data").GetProperty("number").GetInt32().ShouldBe(1);

        _broken = false;
        var request = await FinishedAsync(await _client.ReplayAsync("test", "bad", by: "ada", cancellationToken: Cancel));

        request.Status.ShouldBe(DeadLetterRequestStatus.Done, request.Outcome);
        request.Settled.ShouldBe(3);
        _seen.VersionsOf("bad").ShouldBe([0, 1, 2, 3]);
        (await _client.ParkedAsync("test", Cancel)).ShouldBeEmpty();
        var letters = await _client.LettersAsync("test", "bad", Cancel);
        letters.ShouldAllBe(letter => letter.Status == DeadLetterStatus.Replayed && letter.SettledBy == "ada");
        await AppendAsync("bad", 4, 5);
        await Eventually.UntilAsync(() => _seen.Has("bad", 4), "the stream goes on");
    }

    [Fact]
    public async Task A_replay_that_fails_again_leaves_the_stream_parked_and_says_so()
    {
        await StartAsync();
        await AppendAsync("bad", 0, 3);
        await WaitingAsync(2);

        var request = await FinishedAsync(await _client.ReplayAsync("test", "bad", by: "ada", cancellationToken: Cancel));

        request.Status.ShouldBe(DeadLetterRequestStatus.Failed);
        request.Outcome!.ShouldContain("Version 1 failed again: the tax office is closed");
        (await _client.LettersAsync("test", "bad", Cancel))[0].Attempts.ShouldBe(2);
        await AppendAsync("bad", 3, 4);
        await WaitingAsync(3);
        _seen.VersionsOf("bad").ShouldBe([0]);
    }

    [Fact]
    public async Task Parked_streams_are_known_after_a_restart()
    {
        var host = await StartAsync();
        await AppendAsync("bad", 0, 2);
        await WaitingAsync(1);
        await _feed.StopAsync(host);

        _broken = false; // the next version would succeed, but must not overtake the one that waits
        await StartAsync();
        await AppendAsync("bad", 2, 3);
        await WaitingAsync(2);

        _seen.VersionsOf("bad").ShouldBe([0]);
    }

    [Fact]
    public async Task A_replay_asked_for_while_nobody_runs_is_carried_out_after_the_start_also_in_a_quiet_partition()
    {
        var host = await StartAsync();
        await AppendAsync("bad", 0, 3);
        await WaitingAsync(2);
        await _feed.StopAsync(host);

        _broken = false;
        var request = await _client.ReplayAsync("test", "bad", by: "ada", cancellationToken: Cancel);
        await StartAsync();

        (await FinishedAsync(request)).Status.ShouldBe(DeadLetterRequestStatus.Done);
        _seen.VersionsOf("bad").ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Events_that_arrive_during_a_replay_are_handled_after_it()
    {
        await StartAsync();
        await AppendAsync("bad", 0, 3);
        await WaitingAsync(2);
        var inReplay = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _seen.Before = async (e, token) =>
        {
            if (e.StreamId == "bad" && e.Version == 1)
            {
                inReplay.SetResult();
                await goOn.Task.WaitAsync(token);
            }
        };

        var request = await _client.ReplayAsync("test", "bad", by: "ada", cancellationToken: Cancel);
        await inReplay.Task.WaitAsync(TimeSpan.FromSeconds(15), Cancel);
        await AppendAsync("bad", 3, 5);
        await AppendAsync("good", 0, 1);
        await Eventually.UntilAsync(() => _seen.Has("good", 0), "others go on meanwhile");
        goOn.SetResult();

        (await FinishedAsync(request)).Status.ShouldBe(DeadLetterRequestStatus.Done);
        await Eventually.UntilAsync(() => _seen.Has("bad", 4), "the new ones");
        _seen.VersionsOf("bad").ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task Discarding_one_version_keeps_the_others_waiting_and_discarding_all_lets_the_stream_go_on()
    {
        await StartAsync();
        await AppendAsync("bad", 0, 4);
        await WaitingAsync(3);

        (await FinishedAsync(await _client.DiscardAsync("test", "bad", "ada", "a duplicate", version: 1, cancellationToken: Cancel))).Settled.ShouldBe(1);
        (await _client.LettersAsync("test", "bad", Cancel)).Select(letter => letter.Status)
            .ShouldBe([DeadLetterStatus.Discarded, DeadLetterStatus.Waiting, DeadLetterStatus.Waiting]);
        (await FinishedAsync(await _client.DiscardAsync("test", "bad", "ada", "the order is void", cancellationToken: Cancel))).Settled.ShouldBe(2);

        (await _client.LettersAsync("test", "bad", Cancel))[^1].Reason.ShouldBe("the order is void");
        _broken = false;
        await AppendAsync("bad", 4, 5);
        await Eventually.UntilAsync(() => _seen.Has("bad", 4), "the stream goes on");
        _seen.VersionsOf("bad").ShouldBe([0, 4]);
        (await _client.RequestsAsync("test", "bad", Cancel)).Count.ShouldBe(2);
        await Should.ThrowAsync<ArgumentException>(() => _client.DiscardAsync("test", "bad", "ada", reason: " ", cancellationToken: Cancel));
    }

    [Theory]
    [InlineData("good")]
    [InlineData("no-such-stream")]
    public async Task A_request_for_a_stream_that_is_not_parked_is_answered(string stream)
    {
        await StartAsync();
        await AppendAsync("good", 0, 1);
        await Eventually.UntilAsync(() => _seen.Has("good", 0), "the event");

        var request = await FinishedAsync(await _client.ReplayAsync("test", stream, by: "ada", cancellationToken: Cancel));

        request.Outcome.ShouldBe("The stream is not parked.");
    }

    [Fact]
    public async Task A_document_that_is_no_event_is_parked_by_itself_and_can_be_discarded()
    {
        await StartAsync();
        await _feed.WriteAsync("good", """{"id":"garbage","streamId":"good","version":"none"}""");
        await AppendAsync("good", 0, 2);

        await Eventually.UntilAsync(() => _seen.Has("good", 1), "the stream it was written into");
        await Eventually.UntilAsync(async () => (await _client.ParkedAsync("test", Cancel)).Count == 1, "it is parked");
        var parked = (await _client.ParkedAsync("test", Cancel)).Single();
        parked.StreamId.ShouldStartWith("document/");
        (await _client.LettersAsync("test", parked.StreamId, Cancel)).Single().Document.GetProperty("version").GetString().ShouldBe("none");

        (await FinishedAsync(await _client.DiscardAsync("test", parked.StreamId, "ada", "garbage", cancellationToken: Cancel))).Settled.ShouldBe(1);
    }

    [Fact]
    public async Task Skipped_events_are_kept()
    {
        await StartAsync(FailurePolicy.Skip);
        await AppendAsync("bad", 0, 3);
        await AppendAsync("good", 0, 1);

        await Eventually.UntilAsync(async () => _seen.Has("good", 0) && (await _client.LettersAsync("test", "bad", Cancel)).Count == 2, "the letters");
        (await _client.LettersAsync("test", "bad", Cancel)).ShouldAllBe(letter => letter.Status == DeadLetterStatus.Skipped);
        (await _client.ParkedAsync("test", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Parked_streams_follow_their_partition_to_another_instance_which_replays_them()
    {
        var first = await StartAsync();
        for (var i = 0; i < 8; i++)
            await AppendAsync($"s{i}", 0, 1);
        await AppendAsync("bad", 0, 2);
        await WaitingAsync(1);
        await Eventually.UntilAsync(async () => (await ProcessorTests.OwnersAsync(_feed)).Count(o => o is not null) == 4, "all leases");
        using var client = store.CreateClient(new ChangeFeedRequestHandler());
        await StartAsync(client: client);
        await _feed.StopAsync(first);

        await AppendAsync("bad", 2, 3);
        await WaitingAsync(2);
        _broken = false;
        (await FinishedAsync(await _client.ReplayAsync("test", "bad", by: "ada", cancellationToken: Cancel))).Settled.ShouldBe(2);
        _seen.VersionsOf("bad").Distinct().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task A_document_that_was_repaired_in_the_store_is_replayed_as_it_is_now()
    {
        await StartAsync();
        var good = JsonNode.Parse(TestEvents.Document("torn", 0, new ThingHappened(7)).GetRawText())!.AsObject();
        var torn = good.DeepClone().AsObject();
        torn["data"] = new JsonObject { ["number"] = "seven" };
        await _feed.WriteAsync("torn", torn.ToJsonString());
        await WaitingAsync(1);

        using (var body = new MemoryStream(Encoding.UTF8.GetBytes(good.ToJsonString())))
        using (var response = await _feed.Events.ReplaceItemStreamAsync(body, "0", new PartitionKey("torn"), cancellationToken: Cancel))
            response.IsSuccessStatusCode.ShouldBeTrue();
        (await FinishedAsync(await _client.ReplayAsync("test", "torn", by: "ada", cancellationToken: Cancel))).Status.ShouldBe(DeadLetterRequestStatus.Done);

        await Eventually.UntilAsync(() => _seen.Has("torn", 0), "the repaired event");
        var letter = (await _client.LettersAsync("test", "torn", Cancel)).Single();
        letter.Status.ShouldBe(DeadLetterStatus.Replayed);
        letter.Document.GetProperty("data").GetProperty("number").GetString().ShouldBe("seven");
    }

    [Fact]
    public async Task An_event_that_was_corrected_is_replayed_as_corrected_and_the_original_is_kept()
    {
        _seen.Before = (e, _) => e.Data is ThingHappened { Number: 1 } ? throw new InvalidOperationException("no such number") : Task.CompletedTask;
        await StartAsync();
        await AppendAsync("bad", 0, 3);
        await WaitingAsync(2);

        await Should.ThrowAsync<System.Text.Json.JsonException>(() => CorrectAsync(1, """{"number":"seven"}"""));
        (await CorrectAsync(0, """{"number":7}""")).ShouldBeNull("it does not wait");
        await CorrectAsync(1, """{"number":6}""");
        (await CorrectAsync(1, """{"number":7}"""))!.Corrections.Select(c => (c.By, c.Reason)).ShouldBe([("ada", "a slip"), ("ada", "a slip")]);
        var request = await FinishedAsync(await _client.ReplayAsync("test", "bad", by: "ada", cancellationToken: Cancel));

        request.Status.ShouldBe(DeadLetterRequestStatus.Done, request.Outcome);
        _seen.Events.Select(e => ((ThingHappened)e.Data).Number).ShouldBe([0, 7, 2]);
        var letter = (await _client.LettersAsync("test", "bad", Cancel))[0];
        letter.Document.GetProperty("data").GetProperty("number").GetInt32().ShouldBe(1);
        letter.Corrections[^1].Data.GetProperty("number").GetInt32().ShouldBe(7);
        ((ThingHappened)(await _feed.Store.ReadStreamAsync("bad", Cancel))[1].Data).Number.ShouldBe(1, "the event itself is never changed");

        Task<DeadLetter?> CorrectAsync(long version, string data) => _client.CorrectAsync(
            "test", "bad", version, System.Text.Json.JsonDocument.Parse(data).RootElement, TestEvents.Map, "ada", "a slip", Cancel);
    }

    [Fact]
    public async Task An_event_that_was_replayed_and_comes_again_by_a_rewind_is_parked_again_when_it_fails_again()
    {
        await StartAsync();
        await AppendAsync("bad", 0, 3);
        await WaitingAsync(2);
        _broken = false;
        (await FinishedAsync(await _client.ReplayAsync("test", "bad", by: "ada", cancellationToken: Cancel))).Settled.ShouldBe(2);
        _broken = true;
        var positions = new EndpointPositions(_feed.Leases, await store.CreateContainerAsync("/endpoint"), TimeProvider.System, _feed.Events);

        var plan = (await positions.PlanAsync("test", PositionTarget.Beginning, Cancel))!;
        await positions.MoveAsync("test", plan.Target, plan.Token, "ada", "the view was wrong", Cancel);
        await WaitingAsync(2);
        (await _client.LettersAsync("test", "bad", Cancel)).ShouldAllBe(letter => letter.Status == DeadLetterStatus.Waiting && letter.SettledBy == null);

        _broken = false;
        (await FinishedAsync(await _client.ReplayAsync("test", "bad", by: "ben", cancellationToken: Cancel))).Settled.ShouldBe(2);
        _seen.VersionsOf("bad").ShouldBe([0, 1, 2, 0, 1, 2]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<Microsoft.Extensions.Hosting.IHost> StartAsync(FailurePolicy policy = FailurePolicy.Park, CosmosClient? client = null) => _feed.StartAsync(
        _seen,
        endpoint =>
        {
            endpoint.AddConsumer<SeenConsumer>();
            endpoint.OnFailure = policy;
        },
        feed => feed.DeadLetters(_ => _letters),
        settings => settings["ChangeFeed:ControlInterval"] = "00:00:00.100",
        client);

    private async Task AppendAsync(string stream, int from, int to)
    {
        for (var version = from; version < to; version++)
            await _feed.AppendAsync(stream, version, new ThingHappened(version));
    }

    private Task WaitingAsync(int count) =>
        Eventually.UntilAsync(async () => (await _client.ParkedAsync("test", Cancel)).Sum(stream => stream.Waiting) == count, $"{count} events wait");

    private async Task<DeadLetterRequest> FinishedAsync(DeadLetterRequest request)
    {
        DeadLetterRequest? now = null;
        await Eventually.UntilAsync(
            async () => (now = await _client.RequestAsync("test", request.Id, Cancel))!.Status != DeadLetterRequestStatus.Open, "the request is finished");
        return now!;
    }
}
