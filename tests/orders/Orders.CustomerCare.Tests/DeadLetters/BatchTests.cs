using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.DeadLetters.Batches;
using Orders.Hosting;

namespace Orders.CustomerCare.Tests.DeadLetters;

/// <summary>Batches where the test stands for the services that carry requests out.</summary>
public sealed class BatchTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.Client(WithStore.OperatorKey);

    private Container DeadLetters => service.Services.GetRequiredService<OrdersDatabase>().DeadLetters;

    [Fact]
    public async Task A_batch_touches_what_its_dry_run_showed_and_tells_how_far_it_is()
    {
        var name = $"payment-{Guid.NewGuid():N}";
        var streams = await ParkAsync(name, 3, "The gateway does not answer.", "System.TimeoutException");
        await ParkAsync(name, 1, "Something else.", "System.FormatException");
        var filter = new { service = name, errorType = "TimeoutException", text = "GATEWAY" };

        var preview = await (await PostAsync("replay", filter)).JsonAsync();
        preview["total"]!.GetValue<int>().ShouldBe(3);
        preview["services"]!.AsArray().Single()!["orders"]!.GetValue<int>().ShouldBe(3);
        preview["streams"]!.AsArray().Select(s => s!["streamId"]!.GetValue<string>()).ShouldBe(streams, ignoreOrder: true);
        (await RequestsAsync(name)).ShouldBeEmpty("a dry run does nothing");

        await ParkAsync(name, 1, "The gateway does not answer.", "System.TimeoutException"); // later than the dry run
        var started = await PostAsync(
            "replay", new
            {
                filter.service,
                filter.errorType,
                filter.text,
                dryRun = false,
                token = preview["token"]!.GetValue<string>(),
                reason = "it is back"
            });
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var requests = await Eventually.GetAsync(() => RequestsAsync(name), found => found.Count == 3);
        requests.Select(r => (r.StreamId, r.By, r.Reason)).ShouldBe(streams.Select(s => (s, "development", (string?)"it is back")), ignoreOrder: true);
        await FinishAsync(requests[0], DeadLetterRequestStatus.Failed);
        await FinishAsync(requests[1], DeadLetterRequestStatus.Done);
        var half = await ProgressAsync(started.Headers.Location!, p => p["done"]!.GetValue<int>() + p["failed"]!.GetValue<int>() == 2);
        (half["total"]!.GetValue<int>(), half["open"]!.GetValue<int>(), half["finishedAt"]).ShouldBe((3, 1, null));
        half["rate"].ShouldNotBeNull();
        half["secondsLeft"].ShouldNotBeNull();
        await FinishAsync(requests[2], DeadLetterRequestStatus.Done);

        var end = await ProgressAsync(started.Headers.Location!, p => p["finishedAt"] is not null);
        (end["done"]!.GetValue<int>(), end["failed"]!.GetValue<int>(), end["settled"]!.GetValue<int>()).ShouldBe((2, 1, 2));
        end["failures"]!.AsArray().Single()!["streamId"]!.GetValue<string>().ShouldBe(requests[0].StreamId);
        (await _client.GetAsync("/care/dead-letters/batches", key: null)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task What_was_begun_by_an_instance_that_died_is_carried_on_and_asked_for_once()
    {
        var name = $"tax-{Guid.NewGuid():N}";
        var streams = await ParkAsync(name, 3, "No rate.", "System.FormatException");
        // It had taken up two of them and asked for one when it died.
        var batch = new BatchDocument
        {
            Id = Guid.NewGuid().ToString("N"),
            Action = DeadLetterAction.Discard,
            Filter = new ParkedFilter { Service = name },
            By = "ada",
            Reason = "test orders",
            At = DateTimeOffset.UtcNow,
            Total = 3,
            Services = [name],
            After = streams[1],
            Open = [new(name, streams[0]), new(name, streams[1])],
        };
        var desk = service.Services.GetRequiredService<DeadLetterClient>();
        await desk.AskOnceAsync(batch.Id, name, streams[0], batch.Action, batch.By, batch.Reason, TestContext.Current.CancellationToken);
        await service.Services.GetRequiredService<BatchStore>().CreateAsync(batch, TestContext.Current.CancellationToken);
        service.Services.GetRequiredService<BatchRunner>().Wake();

        foreach (var request in await Eventually.GetAsync(() => RequestsAsync(name), found => found.Count == 3))
            await FinishAsync(request, DeadLetterRequestStatus.Done);

        var end = await ProgressAsync(new Uri($"/care/dead-letters/batches/{batch.Id}", UriKind.Relative), p => p["finishedAt"] is not null);
        (end["done"]!.GetValue<int>(), end["failed"]!.GetValue<int>()).ShouldBe((3, 0));
        (await RequestsAsync(name)).Select(r => r.StreamId).ShouldBe(streams, ignoreOrder: true);
    }

    [Fact]
    public async Task What_others_changed_since_the_dry_run_is_to_be_looked_at_again()
    {
        var name = $"views-{Guid.NewGuid():N}";
        var streams = await ParkAsync(name, 2, "Broken.", "System.FormatException");
        var token = (await (await PostAsync("discard", new { service = name })).JsonAsync())["token"]!.GetValue<string>();
        await DeadLetters.DeleteItemAsync<JsonNode>($"stream.{streams[0]}", new PartitionKey(name), cancellationToken: TestContext.Current.CancellationToken);

        await (await PostAsync("discard", new { service = name, dryRun = false, token, reason = "broken" })).ProblemAsync(409);
        await (await PostAsync("replay", new { service = name, dryRun = false, token, reason = "broken" })).ProblemAsync(409);
        await (await PostAsync("discard", new { service = name, dryRun = false, token = "nonsense", reason = "broken" })).ProblemAsync(409);
        (await RequestsAsync(name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"dryRun":false}""", "token", "reason")]
    [InlineData("""{"dryRun":"no"}""", "dryRun")]
    [InlineData("""{"from":"yesterday"}""", "from")]
    [InlineData("""{"endpoint":"tax"}""", "endpoint")]
    public async Task A_wrong_field_is_named(string body, params string[] names)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await _client.PostAsync("/care/dead-letters/replay", content, TestContext.Current.CancellationToken);
        (await answer.ProblemAsync(400))["errors"]!.AsObject().Select(e => e.Key).ShouldBe(names, ignoreOrder: true);
    }

    [Fact]
    public async Task A_batch_that_is_not_there_is_not_found()
    {
        await (await _client.GetAsync("/care/dead-letters/batches/17", key: null)).ProblemAsync(404);
        // White space that parsers take for none: found by the long run of hostile requests, as 500.
        await (await _client.GetAsync($"/care/dead-letters/batches/{Guid.NewGuid():N}%09", key: null)).ProblemAsync(404);
        await (await _client.GetAsync("/care/dead-letters/payment/A%0A", key: null)).ProblemAsync(404);
    }

    private Task<HttpResponseMessage> PostAsync(string action, object body) =>
        _client.PostAsJsonAsync($"/care/dead-letters/{action}", body, TestContext.Current.CancellationToken);

    private Task<JsonNode> ProgressAsync(Uri batch, Func<JsonNode, bool> holds) =>
        Eventually.GetAsync(async () => await (await _client.GetAsync(batch, TestContext.Current.CancellationToken)).JsonAsync(), holds);

    private async Task<List<string>> ParkAsync(string endpoint, int count, string error, string errorType)
    {
        var streams = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7().ToString()).Order(StringComparer.Ordinal).ToList();
        foreach (var stream in streams)
            await service.StoreDeadLetterAsync(new ParkedStream
            {
                Id = $"stream.{stream}",
                Endpoint = endpoint,
                StreamId = stream,
                Status = ParkedStreamStatus.Parked,
                Version = 1,
                Waiting = 1,
                Error = error,
                ErrorType = errorType,
                ParkedAt = DateTimeOffset.UtcNow,
            });
        return streams;
    }

    private Task FinishAsync(DeadLetterRequest request, DeadLetterRequestStatus status) => service.StoreDeadLetterAsync(request with
    {
        Status = status,
        Settled = status == DeadLetterRequestStatus.Done ? 1 : 0,
        FinishedAt = DateTimeOffset.UtcNow,
    });

    private async Task<List<DeadLetterRequest>> RequestsAsync(string endpoint)
    {
        using var pages = DeadLetters.GetItemQueryStreamIterator(
            "SELECT * FROM c WHERE c.kind = 'request' ORDER BY c.id", requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(endpoint) });
        var found = new List<DeadLetterRequest>();
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(TestContext.Current.CancellationToken);
            found.AddRange(JsonNode.Parse(page.Content)!["Documents"]!.AsArray().Select(d => d.Deserialize<DeadLetterRequest>(WithStore.DeadLetterJson)!));
        }

        return found;
    }
}
