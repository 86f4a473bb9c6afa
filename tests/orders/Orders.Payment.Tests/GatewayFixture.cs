using System.Text.Json;
using Microsoft.Extensions.Options;
using Orders.Simulators;

namespace Orders.Payment.Tests;

/// <summary>The simulated gateway over a directory of its own, and what its files say.</summary>
internal sealed class GatewayFixture : IDisposable
{
    public TemporaryDirectory Directory { get; } = new();

    public SimulatedPaymentGateway Open(double failureRate = 0, TimeProvider? time = null) => new(new Simulator(
        Options.Create(new SimulatorOptions { Directory = Directory.Path, FailureRate = failureRate }), time ?? TimeProvider.System));

    public IReadOnlyList<PaymentEntry> Payments(PaymentOutcome outcome) => Directory.Files("payments")
        .Select(file => JsonSerializer.Deserialize(File.ReadAllBytes(file), PaymentJson.Default.PaymentEntry)!)
        .Where(entry => entry.Outcome == outcome).ToList();

    public IReadOnlyList<RefundEntry> Refunds() => Directory.Files("refunds")
        .Select(file => JsonSerializer.Deserialize(File.ReadAllBytes(file), PaymentJson.Default.RefundEntry)!).ToList();

    public void Dispose() => Directory.Dispose();
}
