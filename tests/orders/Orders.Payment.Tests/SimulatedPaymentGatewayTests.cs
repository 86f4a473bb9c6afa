using Microsoft.Extensions.Time.Testing;
using Orders.Contracts;
using Orders.Simulators;

namespace Orders.Payment.Tests;

public sealed class SimulatedPaymentGatewayTests : IDisposable
{
    private readonly GatewayFixture _gateway = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static CaptureRequest Capture(string token, string key = "k1") => new(key, "o1", token, "USD", 10m);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Tok_visa_captures_and_the_ledger_says_so()
    {
        var result = await _gateway.Open().CaptureAsync(Capture("tok_visa"), Stop);

        result.ShouldBe(new CaptureResult.Captured("pay_k1", "USD", 10m));
        _gateway.Payments(PaymentOutcome.Captured).ShouldHaveSingleItem().OrderId.ShouldBe("o1");
    }

    [Theory]
    [InlineData("tok_declined", DeclineCode.InsufficientFunds, "insufficient funds")]
    [InlineData("tok_anything", DeclineCode.UnknownToken, "unknown token")]
    public async Task Other_tokens_decline(string token, DeclineCode code, string reason) =>
        (await _gateway.Open().CaptureAsync(Capture(token), Stop)).ShouldBe(new CaptureResult.Declined(code, reason));

    [Fact]
    public async Task Tok_flaky_fails_twice_and_then_captures()
    {
        var gateway = _gateway.Open();

        await Should.ThrowAsync<SimulatedOutageException>(() => gateway.CaptureAsync(Capture("tok_flaky"), Stop));
        await Should.ThrowAsync<SimulatedOutageException>(() => gateway.CaptureAsync(Capture("tok_flaky"), Stop));
        (await gateway.CaptureAsync(Capture("tok_flaky"), Stop)).ShouldBeOfType<CaptureResult.Captured>();
    }

    [Fact]
    public async Task Tok_broken_fails_and_tok_hang_waits_until_somebody_repairs_it()
    {
        var gateway = _gateway.Open();

        for (var attempt = 0; attempt < 4; attempt++)
            (await Should.ThrowAsync<SimulatedOutageException>(() => gateway.CaptureAsync(Capture("tok_broken"), Stop))).Message.ShouldContain("repaired");
        var hanging = gateway.CaptureAsync(Capture("tok_hang", "k2"), Stop);
        hanging.IsCompleted.ShouldBeFalse();
        await File.WriteAllTextAsync(Path.Combine(_gateway.Directory.Path, "repaired"), "", Stop);
        (await hanging).ShouldBeOfType<CaptureResult.Captured>();
        (await gateway.CaptureAsync(Capture("tok_broken"), Stop)).ShouldBeOfType<CaptureResult.Captured>();
    }

    [Fact]
    public async Task Tok_slow_takes_two_seconds_the_first_time_only()
    {
        var time = new FakeTimeProvider();
        var gateway = _gateway.Open(time: time);

        var first = gateway.CaptureAsync(Capture("tok_slow"), Stop);
        time.Advance(TimeSpan.FromMilliseconds(1999));
        first.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await first).ShouldBeOfType<CaptureResult.Captured>();

        // Time stands: a second pause would never end.
        (await gateway.CaptureAsync(Capture("tok_slow"), Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBeOfType<CaptureResult.Captured>();
    }

    [Fact]
    public async Task The_same_key_is_answered_alike_by_every_instance_and_charged_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _gateway.Open().CaptureAsync(Capture("tok_visa"), Stop))));

        results.Distinct().ShouldHaveSingleItem();
        _gateway.Payments(PaymentOutcome.Captured).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_withdrawn_key_cannot_be_captured_any_more()
    {
        (await _gateway.Open().WithdrawAsync(new WithdrawRequest("k1", "o1"), Stop)).ShouldBe(new CaptureResult.Withdrawn());

        (await _gateway.Open().CaptureAsync(Capture("tok_visa"), Stop)).ShouldBe(new CaptureResult.Withdrawn());
        _gateway.Payments(PaymentOutcome.Captured).ShouldBeEmpty();
    }

    [Fact]
    public async Task Withdrawing_what_was_captured_tells_so_and_changes_nothing()
    {
        var captured = await _gateway.Open().CaptureAsync(Capture("tok_visa"), Stop);

        (await _gateway.Open().WithdrawAsync(new WithdrawRequest("k1", "o1"), Stop)).ShouldBe(captured);
    }

    [Fact]
    public async Task A_refund_made_twice_is_one_refund()
    {
        var request = new RefundRequest("refund-pay_k1", "o1", "pay_k1", "USD", 10m);

        (await _gateway.Open().RefundAsync(request, Stop)).ShouldBe(await _gateway.Open().RefundAsync(request, Stop));
        _gateway.Refunds().ShouldHaveSingleItem().PaymentId.ShouldBe("pay_k1");
    }

    [Fact]
    public async Task Told_to_fail_it_fails_before_or_after_the_work_and_a_retry_still_charges_once()
    {
        var failing = _gateway.Open(failureRate: 1);
        for (var i = 0; i < 20; i++)
            await Should.ThrowAsync<SimulatedOutageException>(() => failing.CaptureAsync(Capture("tok_visa"), Stop));

        (await _gateway.Open().CaptureAsync(Capture("tok_visa"), Stop)).ShouldBeOfType<CaptureResult.Captured>();
        _gateway.Payments(PaymentOutcome.Captured).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("a/b")]
    public async Task A_key_that_is_no_file_name_is_refused(string key) =>
        (await Should.ThrowAsync<ArgumentException>(() => _gateway.Open().CaptureAsync(Capture("tok_visa", key), Stop)))
            .Message.ShouldContain("is not an idempotency key");

    [Theory]
    [InlineData("sim", 0, 2.0, "Simulators:FailureRate must be between 0 and 1, for example 0.1 for every tenth call.")]
    [InlineData("sim", 0, double.NaN, "Simulators:FailureRate must be between 0 and 1, for example 0.1 for every tenth call.")]
    [InlineData("sim", -1, 0, "Simulators:Latency must be between 00:00:00 and 00:01:00.")]
    [InlineData("sim", 61, 0, "Simulators:Latency must be between 00:00:00 and 00:01:00.")]
    [InlineData(" ", 0, 0, "Simulators:Directory must name a directory, for example .data/simulators.")]
    public void A_wrong_setting_is_named(string directory, int latency, double failureRate, string sentence) =>
        new SimulatorOptionsValidation().Validate(null, new SimulatorOptions
        {
            Directory = directory,
            Latency = TimeSpan.FromSeconds(latency),
            FailureRate = failureRate,
        }).FailureMessage.ShouldBe(sentence);
}
