using System.Text.Json.Serialization;
using ChangeFeed.EventStore;

namespace ChangeFeed.Timers.Tests;

/// <summary>Someone reserved a seat. First event of every stream.</summary>
public sealed record SeatReserved(string Seat);

/// <summary>The seat was paid for in time.</summary>
public sealed record SeatPaid;

/// <summary>The reservation ended.</summary>
public sealed record ReservationEnded(string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SeatReserved))]
[JsonSerializable(typeof(SeatPaid))]
[JsonSerializable(typeof(ReservationEnded))]
internal sealed partial class TicketJson : JsonSerializerContext;

/// <summary>The vocabulary of these tests: a seat that is not paid for in time is free again.</summary>
internal static class Tickets
{
    public const string Timer = "payment-deadline";

    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    public static EventTypeMap Map { get; } = new EventTypeMap()
        .Add(TicketJson.Default.SeatReserved)
        .Add(TicketJson.Default.SeatPaid)
        .Add(TicketJson.Default.ReservationEnded);

    public static Schedule Schedule { get; } = new(Timer, Deadline, new ReservationEnded("not paid"));

    public static TimerHandler Handler { get; } = new(Timer, "tickets", WhenDue);

    private static IReadOnlyList<object> WhenDue(object due, IReadOnlyList<RecordedEvent> stream) =>
        stream.Any(e => e.Data is SeatPaid or ReservationEnded) ? [] : [due];
}
