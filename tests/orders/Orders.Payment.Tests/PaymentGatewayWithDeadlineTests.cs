using Microsoft.Extensions.Options;
using Orders.Hosting;

namespace Orders.Payment.Tests;

public sealed class PaymentGatewayWithDeadlineTests
{
    private static readonly CaptureRequest Capture = new("key", "order", "tok_visa", "USD", 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gateway_that_accepts_and_hangs_is_given_up_whether_it_heeds_that_or_not(bool heeds)
    {
        var late = await Should.ThrowAsync<TimeoutException>(Gateway(heeds, TimeSpan.FromMilliseconds(200)).CaptureAsync(Capture, Stop));

        late.Message.ShouldBe("The payment gateway did not answer within 00:00:00.2000000, as OutsideCalls:Timeout says.");
    }

    [Fact]
    public async Task A_stop_is_no_failure_of_the_gateway()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var capturing = Gateway(heeds: true, TimeSpan.FromMinutes(1)).CaptureAsync(Capture, stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(capturing);
    }

    private static PaymentGatewayWithDeadline Gateway(bool heeds, TimeSpan timeout) =>
        new(new HangingGateway(heeds), new OutsideCalls(Options.Create(new OutsideCallOptions { Timeout = timeout }), TimeProvider.System));

    private sealed class HangingGateway(bool heeds) : IPaymentGateway
    {
        public async Task<CaptureResult> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, heeds ? cancellationToken : CancellationToken.None);
            return new CaptureResult.Withdrawn();
        }

        public Task<CaptureResult> WithdrawAsync(WithdrawRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
