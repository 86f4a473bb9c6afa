using System.ComponentModel;
using ChangeFeed.MassTransit;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.CustomerCare.Pages.Parts;
using Orders.CustomerCare.Services;
using Orders.Domain;

namespace Orders.CustomerCare.Mcp;

/// <summary>What why_stuck answers.</summary>
internal sealed record StuckAnswer(
    string OrderId,
    OrderStatus Status,
    [property: Description("Whether something holds it up. An order that has ended is not stuck.")] bool Stuck,
    [property: Description("The service it waits for; null when it waits for none.")] string? WaitsFor,
    [property: Description("Why, a sentence each.")] IReadOnlyList<string> Why,
    [property: Description("What could be done, a sentence each.")] IReadOnlyList<string> WhatToDo);

/// <summary>Why an order does not go on: pure, from its events and how the services stand.</summary>
internal static class StuckOrder
{
    // A step takes milliseconds; a service this far behind is what the order waits behind.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(10);

    public static StuckAnswer Describe(
        IReadOnlyList<StoredEvent> stream, OrderView order, ServicesSnapshot services, IReadOnlyDictionary<string, EndpointControl> paused,
        DateTimeOffset now)
    {
        var (why, what) = (new List<string>(), new List<string>());
        var withheld = Withheld.Of(stream);
        var waitsFor = WaitsFor(order.State);
        if (stream.FirstOrDefault(e => e.Problem is not null) is { } unreadable)
            why.Add($"Event {unreadable.Version} cannot be read: {withheld.From(unreadable.Problem)}");
        foreach (var parking in order.Parked ?? [])
        {
            why.Add($"It is parked at {parking.Service} since {parking.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC: event {parking.Version} could not be handled"
                + $" ({OrderProblem.FirstSentence(withheld.From(parking.Error) ?? "no error is known").TrimEnd('.')}), and {parking.Waiting} wait there.");
            what.Add($"When the cause is mended, replay it: preview_replay, then replay_parked_order with service {parking.Service}.");
        }

        if (waitsFor is not null && order.Parked?.Any(p => p.Service == waitsFor) != true)
            Service(waitsFor, services.Find(waitsFor), paused.GetValueOrDefault(waitsFor), order, now, withheld, why, what);
        var stuck = why.Count > 0;
        if (!stuck)
            why.Add(waitsFor is null
                ? $"It waits for nothing: it is {order.Status}{(order.EndReason is { } reason ? $" ({withheld.From(reason)})" : "")}."
                : $"Nothing holds it up: it is {waitsFor}'s turn, and its last step was {OrderProblem.Ago(order.UpdatedAt, now)}.");
        foreach (var timer in order.Timers ?? [])
            why.Add($"{EventFormatter.WhenDue(timer.Event)}: due {timer.Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
                + $"{(timer.Error is null ? "" : $", and could not be done then: {withheld.From(timer.Error)?.TrimEnd('.')}")}.");
        return new StuckAnswer(order.OrderId, order.Status, stuck, waitsFor, why, what);
    }

    /// <summary>Whose turn it is; null when it is nobody's.</summary>
    public static string? WaitsFor(OrderState order) => order switch
    {
        _ when OrderRules.OwedToCustomer(order) is not null => "payment",
        { NoticeRequest: not null } => "notification",
        { Status: OrderStatus.Placed } => "tax",
        { Status: OrderStatus.Taxed } => "payment",
        { Status: OrderStatus.Paid } => "fulfillment",
        { Status: OrderStatus.Shipped } => "notification",
        _ => null,
    };

    private static void Service(
        string name, ServiceStanding? standing, EndpointControl? pause, OrderView order, DateTimeOffset now, Withheld withheld, List<string> why,
        List<string> what)
    {
        if (pause is not null)
        {
            why.Add($"{name} is paused by {pause.By} since {pause.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {Withheld.Addresses.From(pause.Reason)}");
            what.Add($"When the reason for the pause is gone, resume_service with service {name}.");
        }

        if (standing is null || !standing.IsRunning)
        {
            why.Add($"{name} is not running: nobody owns its partitions.");
            what.Add($"Start {name}; it goes on where it stopped.");
            return;
        }

        if (standing.KillSwitch is { } cause)
            why.Add($"{name} has stopped by itself for a while, because too many events failed: {Withheld.Addresses.From(cause)}");
        foreach (var blocked in standing.Blocked)
            why.Add($"{name} cannot get past event {blocked.Version} of {(blocked.StreamId == order.OrderId ? "this order" : blocked.StreamId)}, tried "
                + $"{blocked.Attempts} times: {withheld.From(blocked.Error)}");
        if (standing.LagSeconds >= Late.TotalSeconds)
            why.Add($"{name} is {standing.LagSeconds:0} s and {standing.Behind} events behind.");
        else if (why.Count == 0 && now - order.UpdatedAt > OrderProblem.Patience)
            why.Add($"{name} runs and is not behind, and the last step was {OrderProblem.Ago(order.UpdatedAt, now)}: its log tells what it did with the order.");
    }
}
