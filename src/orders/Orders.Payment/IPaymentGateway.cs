using Orders.Contracts;

namespace Orders.Payment;

/// <summary>
/// Whoever takes the money. Every call carries an idempotency key: the same key again has no second effect and gets the same answer.
/// What fails for a moment is thrown; a refusal is an answer.
/// </summary>
public interface IPaymentGateway
{
    /// <summary>Takes the money, unless the key was withdrawn before.</summary>
    Task<CaptureResult> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives up a capture that may or may not have happened. What stands already is returned; otherwise the key is closed, so that a
    /// capture still on its way cannot take the money any more.
    /// </summary>
    Task<CaptureResult> WithdrawAsync(WithdrawRequest request, CancellationToken cancellationToken);

    /// <summary>Gives the whole captured amount back.</summary>
    /// <returns>The id of the refund.</returns>
    Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken);
}

public sealed record CaptureRequest(string Key, string OrderId, string Token, string Currency, decimal Amount);

public sealed record WithdrawRequest(string Key, string OrderId);

public sealed record RefundRequest(string Key, string OrderId, string PaymentId, string Currency, decimal Amount);

/// <summary>What stands at the gateway under a key.</summary>
public abstract record CaptureResult
{
    public sealed record Captured(string PaymentId, string Currency, decimal Amount) : CaptureResult;

    public sealed record Declined(DeclineCode Code, string Reason) : CaptureResult;

    public sealed record Withdrawn : CaptureResult;
}
