using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Simulators;

namespace Orders.Payment;

/// <summary>
/// A payment gateway for development and tests. The token decides: <c>tok_visa</c> captures, <c>tok_declined</c> declines,
/// <c>tok_slow</c> takes two seconds, <c>tok_flaky</c> fails twice and then captures, <c>tok_broken</c> fails and <c>tok_hang</c> does not
/// answer until the file <c>repaired</c> is there. What was captured and refunded is in the files
/// <c>payments/KEY.json</c> and <c>refunds/KEY.json</c> of <c>Simulators:Directory</c>.
/// </summary>
public sealed class SimulatedPaymentGateway(Simulator simulator) : IPaymentGateway
{
    private readonly SimulatorLedger<PaymentEntry> _payments = simulator.OpenLedger("payments", PaymentJson.Default.PaymentEntry);
    private readonly SimulatorLedger<RefundEntry> _refunds = simulator.OpenLedger("refunds", PaymentJson.Default.RefundEntry);
    private readonly ConcurrentDictionary<string, int> _failures = new();

    public async Task<CaptureResult> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken)
    {
        if (_payments.Find(request.Key) is null)
        {
            if (request.Token == "tok_slow")
                await simulator.WaitAsync(TimeSpan.FromSeconds(2), cancellationToken);
            if (request.Token == "tok_flaky" && _failures.AddOrUpdate(request.Key, 1, (_, n) => n + 1) <= 2)
                throw new SimulatedOutageException("The simulated payment gateway fails twice for this token.");
            _failures.TryRemove(request.Key, out _);
            if (request.Token == "tok_broken" && !simulator.IsRepaired)
                throw new SimulatedOutageException($"The simulated payment gateway fails for this token until there is a file {simulator.RepairFile}.");
            while (request.Token == "tok_hang" && !simulator.IsRepaired)
                await simulator.WaitAsync(TimeSpan.FromSeconds(0.1), cancellationToken);
        }

        return await simulator.CallAsync(() => ResultOf(_payments.Record(request.Key, Judge(request))), cancellationToken);
    }

    public Task<CaptureResult> WithdrawAsync(WithdrawRequest request, CancellationToken cancellationToken) => simulator.CallAsync(
        () => ResultOf(_payments.Record(request.Key, new PaymentEntry(request.OrderId, PaymentOutcome.Withdrawn, simulator.Now))),
        cancellationToken);

    public Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => simulator.CallAsync(
        () => _refunds.Record(request.Key, new RefundEntry(
            request.OrderId, $"re_{request.PaymentId}", request.PaymentId, request.Currency, request.Amount, simulator.Now)).RefundId,
        cancellationToken);

    private PaymentEntry Judge(CaptureRequest request)
    {
        DeclineCode? refusal = request.Token switch
        {
            "tok_visa" or "tok_slow" or "tok_flaky" or "tok_broken" or "tok_hang" => null,
            "tok_declined" => DeclineCode.InsufficientFunds,
            _ => DeclineCode.UnknownToken,
        };
        return refusal is not { } code
            ? new PaymentEntry(
                request.OrderId, PaymentOutcome.Captured, simulator.Now, $"pay_{request.Key}", request.Currency, request.Amount)
            : new PaymentEntry(request.OrderId, PaymentOutcome.Declined, simulator.Now, Decline: code);
    }

    private static string Words(DeclineCode? code) => code switch
    {
        DeclineCode.InsufficientFunds => "insufficient funds",
        DeclineCode.UnknownToken => "unknown token",
        _ => "declined",
    };

    private static CaptureResult ResultOf(PaymentEntry entry) => entry switch
    {
        { PaymentId: { } id, Currency: { } currency, Amount: { } amount } => new CaptureResult.Captured(id, currency, amount),
        { Outcome: PaymentOutcome.Declined } => new CaptureResult.Declined(entry.Decline ?? DeclineCode.Unspecified, Words(entry.Decline)),
        _ => new CaptureResult.Withdrawn(),
    };
}

public enum PaymentOutcome
{
    Captured,
    Declined,
    Withdrawn,
}

public sealed record PaymentEntry(
    string OrderId,
    PaymentOutcome Outcome,
    DateTimeOffset At,
    string? PaymentId = null,
    string? Currency = null,
    decimal? Amount = null,
    DeclineCode? Decline = null);

public sealed record RefundEntry(
    string OrderId, string RefundId, string PaymentId, string Currency, decimal Amount, DateTimeOffset At);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(PaymentEntry))]
[JsonSerializable(typeof(RefundEntry))]
public sealed partial class PaymentJson : JsonSerializerContext;
