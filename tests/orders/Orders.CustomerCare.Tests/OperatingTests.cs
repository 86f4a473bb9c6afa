using System.Net.Http.Json;
using Orders.Contracts;

namespace Orders.CustomerCare.Tests;

public sealed class OperatingTests(WithStore service) : IClassFixture<WithStore>
{
    private const string OperatorKey = WithStore.OperatorKey;
    private const string ReaderKey = WithStore.ReaderKey;

    [Fact]
    public async Task Cancelling_names_the_holder_of_the_key_and_comes_too_late_for_what_has_ended()
    {
        var id = Guid.NewGuid().ToString();
        await service.AppendRawAsync(id, ChangeFeed.EventStore.EventDocument.Write(Examples.Stream[0] with { StreamId = id }, OrderEvents.Map));
        var reason = new { reason = "the customer called" };

        var cancelled = await (await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{id}/cancel", reason, TestContext.Current.CancellationToken))
            .JsonAsync();
        cancelled["status"]!.GetValue<string>().ShouldBe("Cancelled");
        var events = await (await Client(null).GetAsync($"/care/orders/{id}/events", TestContext.Current.CancellationToken)).JsonAsync();
        events[1]!["meta"]!["by"]!.GetValue<string>().ShouldBe("development");

        var again = await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{id}/cancel", reason, TestContext.Current.CancellationToken);
        (await again.ProblemAsync(409))["detail"]!.GetValue<string>().ShouldBe("The order is cancelled already.");
    }

    [Fact]
    public async Task A_refund_is_asked_for_in_the_name_of_the_holder_of_the_key_and_only_once()
    {
        var open = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid);
        var shipped = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid, Given.Shipped, Given.Told);
        var reason = new { reason = "arrived broken" };

        (await (await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{open}/refund", reason, TestContext.Current.CancellationToken))
            .ProblemAsync(409))["detail"]!
            .GetValue<string>().ShouldContain("cancel it instead");
        var asked = await (await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{shipped}/refund", reason, TestContext.Current.CancellationToken))
            .JsonAsync();
        asked["status"]!.GetValue<string>().ShouldBe("Completed");
        asked["refundRequest"]!["reason"]!.GetValue<string>().ShouldBe("arrived broken");
        await (await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{shipped}/refund", reason, TestContext.Current.CancellationToken)).ProblemAsync(409);

        var events = (await (await Client(null).GetAsync($"/care/orders/{shipped}/events", TestContext.Current.CancellationToken)).JsonAsync()).AsArray();
        events.Count.ShouldBe(6);
        events[5]!["type"]!.GetValue<string>().ShouldBe("RefundRequested");
        events[5]!["meta"]!["by"]!.GetValue<string>().ShouldBe("development");
    }

    [Fact]
    public async Task A_notice_is_asked_for_again_once_one_was_sent()
    {
        var silent = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid, Given.Shipped);
        var told = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid, Given.Shipped, Given.Told);
        var reason = new { reason = "the mail did not arrive" };

        (await (await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{silent}/resend-notification", reason, TestContext.Current.CancellationToken))
            .ProblemAsync(409))["detail"]!
            .GetValue<string>().ShouldContain("nothing to send again");
        var asked = await (
            await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{told}/resend-notification", reason, TestContext.Current.CancellationToken)).JsonAsync();
        asked["noticeRequest"]!["notice"]!.GetValue<string>().ShouldBe("Shipped");
        await (await Client(OperatorKey).PostAsJsonAsync($"/care/orders/{told}/resend-notification", reason, TestContext.Current.CancellationToken))
            .ProblemAsync(409);
        var events = (await (await Client(null).GetAsync($"/care/orders/{told}/events", TestContext.Current.CancellationToken)).JsonAsync()).AsArray();
        events.Select(e => e!["type"]!.GetValue<string>()).Last().ShouldBe("NotificationRequested");
    }

    [Theory]
    [InlineData("/care/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21/cancel")]
    [InlineData("/care/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21/refund")]
    [InlineData("/care/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21/resend-notification")]
    [InlineData("/care/services/tax/pause")]
    [InlineData("/care/services/tax/resume")]
    [InlineData("/care/dead-letters/tax/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21/replay")]
    [InlineData("/care/dead-letters/tax/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21/discard")]
    public async Task Changing_something_needs_an_operator_a_reason_and_something_to_change(string url)
    {
        var body = new { reason = "because" };

        (await (await Client(null).PostAsJsonAsync(url, body, TestContext.Current.CancellationToken)).ProblemAsync(401))["detail"]!.GetValue<string>()
            .ShouldBe("Send your key in the header X-Api-Key, or your token in Authorization: Bearer.");
        (await (await Client("wrong").PostAsJsonAsync(url, body, TestContext.Current.CancellationToken)).ProblemAsync(401))["detail"]!.GetValue<string>()
            .ShouldBe("The key in X-Api-Key is not known.");
        (await (await Client(ReaderKey).PostAsJsonAsync(url, body, TestContext.Current.CancellationToken)).ProblemAsync(403))["detail"]!.GetValue<string>()
            .ShouldBe("This needs a key with the role operator.");
        (await (await Client(OperatorKey).PostAsJsonAsync(url, new { }, TestContext.Current.CancellationToken)).ProblemAsync(400))["errors"]!.AsObject()
            .ShouldContainKey("reason");
        await (await Client(OperatorKey).PostAsJsonAsync(url, body, TestContext.Current.CancellationToken)).ProblemAsync(404);
    }

    [Fact]
    public async Task Where_nothing_reads_and_nothing_is_parked_the_lists_are_empty()
    {
        (await (await Client(null).GetAsync("/care/services", TestContext.Current.CancellationToken)).JsonAsync()).AsArray().ShouldBeEmpty();
        (await (await Client(null).GetAsync("/care/dead-letters", TestContext.Current.CancellationToken)).JsonAsync()).AsArray().ShouldBeEmpty();
    }

    private HttpClient Client(string? key) => service.Client(key);
}
