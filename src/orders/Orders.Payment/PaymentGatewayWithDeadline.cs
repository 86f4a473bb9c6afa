using Orders.Hosting;

namespace Orders.Payment;

/// <summary>A gateway that answers in time, or fails.</summary>
public sealed class PaymentGatewayWithDeadline(IPaymentGateway gateway, OutsideCalls calls) : IPaymentGateway
{
    private const string Name = "payment gateway";

    public Task<CaptureResult> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken) =>
        calls.RunAsync(Name, stop => gateway.CaptureAsync(request, stop), cancellationToken);

    public Task<CaptureResult> WithdrawAsync(WithdrawRequest request, CancellationToken cancellationToken) =>
        calls.RunAsync(Name, stop => gateway.WithdrawAsync(request, stop), cancellationToken);

    public Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        calls.RunAsync(Name, stop => gateway.RefundAsync(request, stop), cancellationToken);
}
