using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Mcp;

namespace Orders.CustomerCare.Tests.Mcp;

public sealed class ActionToolTests(WithStore service) : IClassFixture<WithStore>
{
    [Fact]
    public async Task The_first_call_changes_nothing_and_the_second_does_what_the_first_said()
    {
        await using var agent = await ConnectAsync();
        var id = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid);

        var asked = await agent.AskAsync("cancel_order", ("orderId", id), ("reason", "the customer called"));
        asked["done"]!.GetValue<bool>().ShouldBeFalse();
        asked["says"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldContain("Payment would give 110.03 USD back, and the customer would be told.");
        (await StreamAsync(id)).Count.ShouldBe(3);

        var done = await agent.AskAsync("cancel_order", ("orderId", id), ("reason", "the customer called"), ("token", TokenOf(asked)));
        done["done"]!.GetValue<bool>().ShouldBeTrue();
        done["token"].ShouldBeNull();
        var last = (await StreamAsync(id))[^1];
        (last.Data, last.Meta.By).ShouldBe((new OrderCancelled("the customer called"), "development"));
        (await service.AuditAsync($"order/{id}")).Select(r => (r!["action"]!.GetValue<string>(), r["outcome"]!.GetValue<string>())).ShouldBe(
            [("cancel", "done"), ("ask-cancel", "confirmed")]);

        (await agent.RefusalAsync("cancel_order", ("orderId", id), ("reason", "the customer called"), ("token", TokenOf(asked))))
            .ShouldBe("The order is cancelled already.");
    }

    [Fact]
    public async Task An_event_that_is_appended_is_the_one_that_was_agreed_to()
    {
        await using var agent = await ConnectAsync();
        var id = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid);
        (string, object?)[] asked = [("orderId", id), ("type", "FulfillmentRejected"), ("reason", "sold out")];
        (string, object?)[] agreed = [.. asked, ("data", """{"reason":"sold out"}""")];
        var token = TokenOf(await agent.AskAsync("append_correction_event", agreed));
        (await StreamAsync(id)).Count.ShouldBe(3);

        (await agent.RefusalAsync("append_correction_event", [.. asked, ("data", """{"reason":"something else"}"""), ("token", token)]))
            .ShouldStartWith("token: Was given for things as they stood");
        (await agent.AskAsync("append_correction_event", [.. agreed, ("token", token)]))["done"]!.GetValue<bool>().ShouldBeTrue();

        var last = (await StreamAsync(id))[^1];
        (last.Data, last.Meta.By).ShouldBe((new FulfillmentRejected("sold out"), "development"));
    }

    [Fact]
    public async Task A_token_is_good_for_its_caller_its_action_its_target_its_reason_and_once()
    {
        await using var agent = await ConnectAsync();
        await using var other = await ConnectAsync(WithStore.OtherOperatorKey);
        var (id, another) = (await service.AppendAsync(Given.Placed), await service.AppendAsync(Given.Placed));
        await service.ParkAsync("payment", id, "No answer.");
        await service.ParkAsync("payment", another, "No answer.");
        (string, object?)[] target = [("orderId", id), ("service", "payment"), ("reason", "it is back")];
        var token = TokenOf(await agent.AskAsync("replay_parked_order", target));

        const string NotYours = "token: Is none of yours for this action, this target and this reason.";
        (await other.RefusalAsync("replay_parked_order", [.. target, ("token", token)])).ShouldStartWith(NotYours);
        (await agent.RefusalAsync("discard_parked_order", [.. target, ("token", token)])).ShouldStartWith(NotYours);
        (await agent.RefusalAsync("replay_parked_order", ("orderId", another), ("service", "payment"), ("reason", "it is back"), ("token", token)))
            .ShouldStartWith(NotYours);
        (await agent.RefusalAsync("replay_parked_order", ("orderId", id), ("service", "payment"), ("reason", "something else"), ("token", token)))
            .ShouldStartWith(NotYours);
        (await agent.RefusalAsync("replay_parked_order", [.. target, ("token", "nonsense")])).ShouldStartWith(NotYours);
        (await RequestsAsync(id)).ShouldBeEmpty();

        (await agent.AskAsync("replay_parked_order", [.. target, ("token", token)]))["done"]!.GetValue<bool>().ShouldBeTrue();
        (await agent.RefusalAsync("replay_parked_order", [.. target, ("token", token)])).ShouldStartWith("token: Was used already.");
        var request = (await RequestsAsync(id)).ShouldHaveSingleItem();
        (request.Action, request.By, request.Reason).ShouldBe((DeadLetterAction.Replay, "development", "it is back"));
    }

    [Fact]
    public async Task However_many_calls_use_a_token_at_once_one_does()
    {
        await using var agent = await ConnectAsync();
        var id = await service.AppendAsync(Given.Placed);
        await service.ParkAsync("payment", id, "No answer.");
        var token = TokenOf(await agent.AskAsync("replay_parked_order", ("orderId", id), ("service", "payment")));

        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => agent.CallAsync("replay_parked_order", ("orderId", id), ("service", "payment"), ("token", token))));

        results.Count(result => result.IsError != true).ShouldBe(1);
        (await RequestsAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_ends_and_does_not_survive_what_it_was_given_for()
    {
        await using var agent = await ConnectAsync();
        var id = await service.AppendAsync(Given.Placed);
        (string, object?)[] cancel = [("orderId", id), ("reason", "the customer called")];
        var stale = TokenOf(await agent.AskAsync("cancel_order", cancel));
        await service.AppendToAsync(id, Given.Taxed);

        (await agent.RefusalAsync("cancel_order", [.. cancel, ("token", stale)])).ShouldStartWith("token: Was given for things as they stood");
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var confirmations = new Confirmations(service.Database, time);
        var proposal = new Proposal(AuditSubject.Order(id), "cancel", "late", "1", ["It would be cancelled."]);
        var (late, _) = await confirmations.AskAsync(proposal, User, TestContext.Current.CancellationToken);
        time.Advance(Confirmations.Lifetime);
        (await Should.ThrowAsync<Web.InvalidRequestException>(() => confirmations.UseAsync(late, proposal, User, TestContext.Current.CancellationToken)))
            .Errors!["token"].Single().ShouldStartWith("Was good for 5 minutes.");
        (await StreamAsync(id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Many_are_replayed_as_they_were_shown_and_not_when_others_would_be()
    {
        await using var agent = await ConnectAsync();
        var name = $"payment-{Guid.NewGuid():N}";
        await service.ParkAsync(name, Guid.CreateVersion7().ToString(), "No answer.");
        var gone = Guid.CreateVersion7().ToString();
        await service.ParkAsync(name, gone, "No answer.");
        (string, object?)[] filter = [("service", name), ("text", "answer"), ("reason", "it is back")];

        var asked = await agent.AskAsync("replay_parked_orders", filter);
        asked["says"]![0]!.GetValue<string>().ShouldBe($"2 parked orders would be handled again by {name} (2), each in the order of its events.");
        var done = await agent.AskAsync("replay_parked_orders", [.. filter, ("token", TokenOf(asked))]);
        var batch = done["says"]![0]!.GetValue<string>().Split(' ')[1];
        (await agent.AskAsync("batch_progress", ("batch", batch)))["total"]!.GetValue<int>().ShouldBe(2);

        var again = await agent.AskAsync("discard_parked_orders", filter);
        await service.Database.DeadLetters.DeleteItemAsync<object>(
            $"stream.{gone}", new PartitionKey(name), cancellationToken: TestContext.Current.CancellationToken);
        (await agent.RefusalAsync("discard_parked_orders", [.. filter, ("token", TokenOf(again))])).ShouldStartWith("Other orders would be touched by now.");
        (await agent.RefusalAsync("replay_parked_orders", ("service", "nobody"), ("reason", "because"))).ShouldStartWith("Nothing parked matches");
    }

    [Fact]
    public async Task A_service_is_paused_and_resumed()
    {
        var processor = service.Database.Events
            .GetChangeFeedProcessorBuilder<object>("tax:", (IReadOnlyCollection<object> _, CancellationToken _) => Task.CompletedTask)
            .WithInstanceName("host-1").WithLeaseContainer(service.Database.Leases).Build();
        await processor.StartAsync();
        await using var agent = await ConnectAsync();
        await Eventually.UntilAsync(async () => (await agent.AskAsync("services"))["services"]!.AsArray()
            .Any(s => s!["service"]!.GetValue<string>() == "tax" && s["running"]!.GetValue<bool>()));
        var id = await service.AppendAsync(Given.Placed);

        (await agent.RefusalAsync("pause_service", ("service", "nobody"), ("reason", "because")))
            .ShouldStartWith("service: There is no such service; there are tax.");
        await agent.TwiceAsync("pause_service", ("service", "tax"), ("reason", "new rates come in"));
        (await agent.AskAsync("services"))["services"]![0]!["paused"]!.GetValue<string>().ShouldEndWith("new rates come in");
        var why = await agent.AskAsync("why_stuck", ("orderId", id));
        why["why"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldContain(s => s.StartsWith("tax is paused by development", StringComparison.Ordinal));
        await agent.TwiceAsync("resume_service", ("service", "tax"));

        var control = await service.Services.GetRequiredService<ChangeFeedControls>().GetAsync("tax", TestContext.Current.CancellationToken);
        (control!.Paused, control.By, control.History.Count).ShouldBe((false, "development", 1));
        await processor.StopAsync();
    }

    [Fact]
    public async Task What_cannot_be_kept_is_neither_offered_nor_done()
    {
        await using var fresh = new WithStore();
        await ((IAsyncLifetime)fresh).InitializeAsync();
        await using var agent = await ToolClient.ConnectAsync(fresh.Client(WithStore.OperatorKey));
        var id = await fresh.AppendAsync(Given.Placed);
        var asked = await agent.AskAsync("cancel_order", ("orderId", id), ("reason", "because"));
        await fresh.Database.Get(AuditContainers.CareAudit).DeleteContainerAsync(cancellationToken: TestContext.Current.CancellationToken);

        foreach (var token in new[] { null, TokenOf(asked) })
            (await agent.CallAsync("cancel_order", ("orderId", id), ("reason", "because"), ("token", token))).IsError.ShouldBe(true);
        (await agent.CallAsync("order_story", ("orderId", id))).IsError.ShouldBe(true);
        (await fresh.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken)).Count.ShouldBe(1);
    }

    private static System.Security.Claims.ClaimsPrincipal User =>
        new(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.Name, "ada")], "ApiKey"));

    private static string TokenOf(System.Text.Json.Nodes.JsonNode asked) => asked["token"]!.GetValue<string>();

    private Task<IReadOnlyList<RecordedEvent>> StreamAsync(string id) => service.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<DeadLetterRequest>> RequestsAsync(string id) =>
        service.Services.GetRequiredService<DeadLetterClient>().RequestsAsync("payment", id, TestContext.Current.CancellationToken);

    private Task<ToolClient> ConnectAsync(string key = WithStore.OperatorKey) => ToolClient.ConnectAsync(service.Client(key));
}
