using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Timers;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.ReadModels;

namespace Orders.CustomerCare.Tests.Overdue;

/// <summary>What is to be looked at because its time has come, and what waits for its time.</summary>
public sealed class OverdueTests(WithStore service) : IClassFixture<WithStore>
{
    private static readonly ShipmentOverdue Overdue = new(TimeSpan.FromDays(3));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paid_order_that_was_not_shipped_in_time_is_listed_until_it_ships()
    {
        var waiting = await ViewAsync(Given.Placed, Given.Taxed, Given.Paid, Overdue);
        var shipped = await ViewAsync(Given.Placed, Given.Taxed, Given.Paid, Overdue, Given.Shipped);
        using var client = service.Client(WithStore.ReaderKey);

        var listed = (await (await client.GetAsync("/care/overdue", Stop)).JsonAsync()).AsArray();
        var page = await client.GetStringAsync("/overdue", Stop);

        var order = listed.Single(o => o!["orderId"]!.GetValue<string>() == waiting)!;
        order["customerId"]!.GetValue<string>().ShouldBe("c-1001");
        order["since"].ShouldNotBeNull();
        listed.ShouldNotContain(o => o!["orderId"]!.GetValue<string>() == shipped);
        page.ShouldContain($"/orders/{waiting}");
        page.ShouldNotContain(shipped);
    }

    [Fact]
    public async Task An_order_says_what_waits_for_its_time_and_when_that_is()
    {
        var id = await service.AppendAsync(Given.Placed);
        var timers = service.Services.GetRequiredService<TimerStore>();
        var cause = (await service.Events.ReadStreamAsync(id, Stop))[0];
        await timers.ScheduleAsync(cause, null, new Schedule("payment-deadline", TimeSpan.FromMinutes(30), new OrderCancelled("not paid")), Stop);
        using var client = service.Client(WithStore.ReaderKey);

        var order = await (await client.GetAsync($"/care/orders/{id}", Stop)).JsonAsync();
        var page = await client.GetStringAsync($"/orders/{id}", Stop);

        var timer = order["timers"]!.AsArray().ShouldHaveSingleItem()!;
        (timer["name"]!.GetValue<string>(), timer["event"]!.GetValue<string>()).ShouldBe(("payment-deadline", "OrderCancelled"));
        timer["due"]!.GetValue<DateTimeOffset>().ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(29), DateTimeOffset.UtcNow.AddMinutes(31));
        page.ShouldContain("Waits for its time");
        page.ShouldContain("Cancelled, unless it is paid before");
    }

    [Fact]
    public async Task An_order_whose_mail_is_tried_again_says_when()
    {
        var id = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid, Given.Shipped);
        var cause = (await service.Events.ReadStreamAsync(id, Stop))[3];
        var stored = service.Services.GetRequiredService<TimerStore>();
        await stored.ScheduleAsync(
            cause, null, new Schedule("mail-retry", TimeSpan.FromDays(1), new NoticeDue(NoticeKind.Shipped, 1, cause.Meta.EventId)), Stop);
        var timers = await stored.OfStreamAsync(id, Stop);
        var events = service.Services.GetRequiredService<StoredEvents>();

        OrderView.Fold(await events.ReadAsync(id, Stop), DateTimeOffset.UtcNow.AddHours(2), [], timers)!.Problem
            .ShouldBe($"The mail could not be sent; it is tried again at {timers[0].Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
    }

    /// <summary>An order as the views show it.</summary>
    private async Task<string> ViewAsync(params object[] events)
    {
        var id = await service.AppendAsync(events);
        var order = OrderStatusDocument.Fold(await service.Events.ReadStreamAsync(id, Stop))!;
        await service.Database.Get(ViewContainers.OrderStatus).UpsertAsync(id, order, ReadModelsJson.Default.OrderStatusDocument, Stop);
        return id;
    }
}
