using Orders.Hosting;

namespace Orders.Fulfillment;

/// <summary>A carrier that answers in time, or fails.</summary>
public sealed class CarrierWithDeadline(ICarrier carrier, OutsideCalls calls) : ICarrier
{
    private const string Name = "carrier";

    public Task<BookingResult> BookAsync(BookingRequest request, CancellationToken cancellationToken) =>
        calls.RunAsync(Name, stop => carrier.BookAsync(request, stop), cancellationToken);

    public Task VoidAsync(VoidRequest request, CancellationToken cancellationToken) => calls.RunAsync(
        Name,
        async stop =>
        {
            await carrier.VoidAsync(request, stop);
            return true;
        },
        cancellationToken);
}
