using ChangeFeed.Timers;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Payment.Tests;

/// <summary>The deadline in the running service, by real clocks.</summary>
public class PaymentDeadlineServiceTests : IClassFixture<PaymentDeadlineServiceTests.Impatient>
{
    private readonly Impatient _service;

    public PaymentDeadlineServiceTests(Impatient service) => _service = service;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_that_is_not_paid_in_time_is_cancelled_once_and_not_before()
    {
        var id = await _service.AppendAsync(Placed("tok_hang"), Taxed());
        var stream = await _service.StreamEndingWithAsync<OrderCancelled>(id);

        stream[2].Data.ShouldBe(new OrderCancelled("not paid within 10 seconds"));
        (stream.Count, stream[2].Meta.By, stream[2].Meta.CausationId).ShouldBe((3, PaymentDeadline.Name, stream[0].Meta.EventId));
        (stream[2].Meta.At - stream[0].Meta.At).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_deadline_of_an_order_that_is_paid_after_all_is_removed()
    {
        var timers = _service.Services.GetRequiredService<TimerStore>();
        var id = await _service.AppendAsync(Placed());
        await Eventually.UntilAsync(async () => (await timers.OfStreamAsync(id, Stop)).Count == 1);

        await _service.AppendToAsync(id, Taxed());

        await _service.StreamEndingWithAsync<PaymentCaptured>(id);
        await Eventually.UntilAsync(async () => (await timers.OfStreamAsync(id, Stop)).Count == 0);
    }

    [Fact]
    public async Task An_order_that_is_paid_at_once_needs_no_deadline()
    {
        var timers = _service.Services.GetRequiredService<TimerStore>();
        var paid = await _service.AppendAsync(Placed(), Taxed(), Captured());
        var later = await _service.AppendAsync(Placed());

        // The feed comes to the later order last, or at the same time.
        await Eventually.UntilAsync(async () => (await timers.OfStreamAsync(later, Stop)).Count == 1);
        (await timers.OfStreamAsync(paid, Stop)).ShouldBeEmpty();
    }

    /// <summary>Waits for its money for ten seconds.</summary>
    public sealed class Impatient : ServiceOnStore<Program>
    {
        public Impatient()
        {
            Settings["Payment:Deadline"] = "00:00:10";
            Settings["Timers:PollInterval"] = "00:00:01";
        }
    }
}
