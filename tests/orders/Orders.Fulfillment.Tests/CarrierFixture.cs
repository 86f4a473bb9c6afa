using System.Text.Json;
using Microsoft.Extensions.Options;
using Orders.Simulators;

namespace Orders.Fulfillment.Tests;

/// <summary>The simulated carrier over a directory of its own, and what its files say.</summary>
internal sealed class CarrierFixture : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SimulatedCarrier Open(double failureRate = 0) => new(new Simulator(
        Options.Create(new SimulatorOptions { Directory = _directory.Path, FailureRate = failureRate }), TimeProvider.System));

    public int Booked => _directory.Files("shipments")
        .Count(file => JsonSerializer.Deserialize(File.ReadAllBytes(file), ShipmentJson.Default.ShipmentEntry)!.Outcome == ShipmentOutcome.Booked);

    public int Voided => _directory.Files("voids").Length;

    public void Dispose() => _directory.Dispose();
}
