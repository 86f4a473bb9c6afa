using System.Text.Json.Serialization;
using Orders.Simulators;

namespace Orders.Fulfillment;

/// <summary>
/// A warehouse and carrier for development and tests. A line with the sku <c>OUT-OF-STOCK</c> cannot be sent. What was booked is in
/// the files <c>shipments/KEY.json</c> of <c>Simulators:Directory</c>; a booking taken back has a file of the same name in
/// <c>voids</c> as well.
/// </summary>
public sealed class SimulatedCarrier(Simulator simulator) : ICarrier
{
    private const string Name = "Simulated Parcel";
    private const string OutOfStock = "OUT-OF-STOCK";

    private readonly SimulatorLedger<ShipmentEntry> _shipments = simulator.OpenLedger("shipments", ShipmentJson.Default.ShipmentEntry);
    private readonly SimulatorLedger<VoidEntry> _voids = simulator.OpenLedger("voids", ShipmentJson.Default.VoidEntry);

    public Task<BookingResult> BookAsync(BookingRequest request, CancellationToken cancellationToken) => simulator.CallAsync<BookingResult>(
        () => _shipments.Record(request.Key, Judge(request)) switch
        {
            { TrackingNumber: { } number } when _voids.Find(request.Key) is null => new BookingResult.Booked(Name, number),
            { Outcome: ShipmentOutcome.Refused } refused => new BookingResult.Refused(refused.Reason!, refused.Sku),
            _ => new BookingResult.Voided(),
        },
        cancellationToken);

    public Task VoidAsync(VoidRequest request, CancellationToken cancellationToken) => simulator.CallAsync(
        () =>
        {
            var standing = _shipments.Record(request.Key, new ShipmentEntry(request.OrderId, ShipmentOutcome.NeverBooked, simulator.Now));
            return standing.TrackingNumber is { } number
                ? _voids.Record(request.Key, new VoidEntry(request.OrderId, number, simulator.Now))
                : null;
        },
        cancellationToken);

    private ShipmentEntry Judge(BookingRequest request) => request.Lines.Any(line => line.Sku == OutOfStock)
        ? new ShipmentEntry(request.OrderId, ShipmentOutcome.Refused, simulator.Now, Reason: "out of stock", Sku: OutOfStock)
        : new ShipmentEntry(request.OrderId, ShipmentOutcome.Booked, simulator.Now, TrackingNumberOf(request.Key));

    private static string TrackingNumberOf(string key) => $"SP{key.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()[..16]}";
}

public enum ShipmentOutcome
{
    Booked,
    Refused,
    NeverBooked,
}

public sealed record ShipmentEntry(
    string OrderId, ShipmentOutcome Outcome, DateTimeOffset At, string? TrackingNumber = null, string? Reason = null, string? Sku = null);

public sealed record VoidEntry(string OrderId, string TrackingNumber, DateTimeOffset At);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ShipmentEntry))]
[JsonSerializable(typeof(VoidEntry))]
public sealed partial class ShipmentJson : JsonSerializerContext;
