using ChangeFeed.Timers;
using Microsoft.Extensions.Options;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.Simulators;

namespace Orders.Fulfillment;

/// <summary>What the service is made of.</summary>
public static class FulfillmentWorker
{
    // Most orders are shipped by then, and need no deadline.
    private static readonly TimeSpan UsuallyShipped = TimeSpan.FromSeconds(5);

    /// <summary>Ships what is paid.</summary>
    public static Worker Worker { get; } = new(
        "fulfillment",
        builder =>
        {
            builder.Services.AddPersonalData();
            builder.Services.AddSingleton<FulfillmentReactions>();
            builder.Services.AddSimulators(builder.Configuration);
            builder.Services.AddOutsideCalls();
            builder.Services.AddSingleton<SimulatedCarrier>();
            builder.Services.AddSingleton<ICarrier>(services => new CarrierWithDeadline(
                services.GetRequiredService<SimulatedCarrier>(), services.GetRequiredService<OutsideCalls>()));
            builder.Services.AddSingleton<IValidateOptions<FulfillmentOptions>, FulfillmentOptionsValidation>();
            builder.Services.AddOptions<FulfillmentOptions>().BindConfiguration(FulfillmentOptions.Section).ValidateOnStart();
            builder.Services.AddOrderTimer(_ => new TimerHandler(ShipmentDeadline.Name, ShipmentDeadline.Name, ShipmentDeadline.WhenDue));
        },
        (feed, _) =>
        {
            feed.Endpoint("fulfillment", endpoint => endpoint.AddConsumer<WhenPaymentCaptured>());
            feed.Endpoint(ShipmentDeadline.Name, endpoint =>
            {
                endpoint.AddConsumer<WhenShipmentIsDue>();
                endpoint.Linger = UsuallyShipped;
            });
        });
}
