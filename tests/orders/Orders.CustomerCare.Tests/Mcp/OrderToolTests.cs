using Orders.Contracts;
using Orders.CustomerCare.Positions;

namespace Orders.CustomerCare.Tests.Mcp;

public sealed class OrderToolTests(WithStore service) : IClassFixture<WithStore>
{
    private static readonly string[] Personal =
        ["ada@example.org", "Ada Lovelace", "1 Main St", "Seattle", "98101", "tok_", "grace@example.org"];

    [Fact]
    public async Task A_story_has_everything_that_happened_and_nothing_that_tells_whose_order_it_is()
    {
        await using var reader = await ConnectAsync(WithStore.ReaderKey);
        var id = await service.AppendAsync(
            Given.Placed, Given.Taxed, Given.Paid, Given.Shipped, Given.Told,
            new RefundRequested("Ada Lovelace of 1 Main St wrote from grace@example.org that it arrived broken"));

        var story = await reader.AskAsync("order_story", ("orderId", id));

        story["status"]!.GetValue<string>().ShouldBe("Completed");
        story["country"]!.GetValue<string>().ShouldBe("US");
        story["events"]!.AsArray().Select(e => e!["type"]!.GetValue<string>()).ShouldBe(
            ["OrderPlaced", "TaxCalculated", "PaymentCaptured", "OrderShipped", "CustomerNotified", "RefundRequested"]);
        story["events"]![5]!["what"]!.GetValue<string>().ShouldBe(
            "Refund asked for: (withheld) of (withheld) wrote from (withheld) that it arrived broken");
        Personal.Where(value => story.ToJsonString().Contains(value, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_looks_is_kept_as_for_the_api()
    {
        await using var reader = await ConnectAsync(WithStore.ReaderKey);
        var id = await service.AppendAsync(Given.Placed);

        await reader.AskAsync("order_story", ("orderId", id));
        await reader.AskAsync("find_orders", ("text", id));

        var records = await service.AuditAsync($"order/{id}");
        records.ShouldHaveSingleItem();
        (records[0]!["who"]!.GetValue<string>(), records[0]!["action"]!.GetValue<string>()).ShouldBe(("ada", "read-order"));
        (await service.AuditAsync($"search/{DateTime.UtcNow:yyyy-MM-dd}")).Select(r => r!["what"]!["for"]!.GetValue<string>()).ShouldContain(id);
    }

    [Fact]
    public async Task An_order_that_is_parked_says_where_why_and_what_to_do()
    {
        await using var reader = await ConnectAsync(WithStore.ReaderKey);
        var id = await service.AppendAsync(Given.Placed, Given.Taxed);
        await service.ParkAsync("payment", id, "No answer about ada@example.org.");

        var why = await reader.AskAsync("why_stuck", ("orderId", id));

        (why["stuck"]!.GetValue<bool>(), why["waitsFor"]!.GetValue<string>()).ShouldBe((true, "payment"));
        why["why"]!.AsArray().Single()!.GetValue<string>().ShouldContain("event 1 could not be handled (No answer about (withheld))");
        why["whatToDo"]!.AsArray().Single()!.GetValue<string>().ShouldContain("replay_parked_order");
        var parked = (await reader.AskAsync("parked_orders", ("service", "payment")))["parked"]!.AsArray();
        parked.Single(p => p!["orderId"]!.GetValue<string>() == id)!["error"]!.GetValue<string>().ShouldBe("No answer about (withheld).");
        var preview = await reader.AskAsync("preview_replay", ("orderId", id), ("service", "payment"));
        preview["wouldHappen"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe(
        [
            $"payment would handle event 1 (TaxCalculated) of {id} again, in order. If one fails again, the order stays parked there.",
            $"payment: {RepeatEffects.Of("payment")}",
        ]);
    }

    private Task<ToolClient> ConnectAsync(string? key) => ToolClient.ConnectAsync(service.Client(key));
}
