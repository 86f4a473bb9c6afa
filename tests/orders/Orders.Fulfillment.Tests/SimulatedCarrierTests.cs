using Orders.Simulators;
using static Orders.Testing.OrderStream;

namespace Orders.Fulfillment.Tests;

public sealed class SimulatedCarrierTests : IDisposable
{
    private const string Key = "5f2c1d0e-9a77-5b1f-8f3e-0c9b6a4d2e11";

    private readonly CarrierFixture _carrier = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static BookingRequest Booking(string sku = "KB-01") => new(Key, OrderId, Placed().ShipTo, Placed(sku: sku).Lines);

    public void Dispose() => _carrier.Dispose();

    [Fact]
    public async Task A_booking_has_a_tracking_number_and_the_same_one_when_it_is_asked_for_again()
    {
        var first = await _carrier.Open().BookAsync(Booking(), Stop);

        first.ShouldBeOfType<BookingResult.Booked>().TrackingNumber.ShouldBe("SP5F2C1D0E9A775B1F");
        (await _carrier.Open().BookAsync(Booking(), Stop)).ShouldBe(first);
        _carrier.Booked.ShouldBe(1);
    }

    [Fact]
    public async Task The_article_that_is_out_of_stock_is_refused() =>
        (await _carrier.Open().BookAsync(Booking("OUT-OF-STOCK"), Stop)).ShouldBe(new BookingResult.Refused("out of stock", "OUT-OF-STOCK"));

    [Fact]
    public async Task Voiding_twice_takes_one_booking_back_once()
    {
        await _carrier.Open().BookAsync(Booking(), Stop);

        await _carrier.Open().VoidAsync(new VoidRequest(Key, OrderId), Stop);
        await _carrier.Open().VoidAsync(new VoidRequest(Key, OrderId), Stop);

        _carrier.Voided.ShouldBe(1);
        (await _carrier.Open().BookAsync(Booking(), Stop)).ShouldBeOfType<BookingResult.Voided>();
    }

    [Fact]
    public async Task Voiding_what_was_never_booked_takes_nothing_back_and_keeps_a_late_booking_from_becoming_a_shipment()
    {
        await _carrier.Open().VoidAsync(new VoidRequest(Key, OrderId), Stop);

        (await _carrier.Open().BookAsync(Booking(), Stop)).ShouldBeOfType<BookingResult.Voided>();
        (_carrier.Booked, _carrier.Voided).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Told_to_fail_it_fails_before_or_after_the_work_and_a_retry_still_books_once()
    {
        for (var i = 0; i < 20; i++)
            await Should.ThrowAsync<SimulatedOutageException>(() => _carrier.Open(failureRate: 1).BookAsync(Booking(), Stop));

        (await _carrier.Open().BookAsync(Booking(), Stop)).ShouldBeOfType<BookingResult.Booked>();
        _carrier.Booked.ShouldBe(1);
    }
}
