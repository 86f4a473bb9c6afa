using Orders.Hosting;
using Orders.PersonalData;
using Orders.Simulators;

namespace Orders.Fulfillment;

/// <summary>What the service is made of.</summary>
public static class FulfillmentWorker
{
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
        },
        (feed, _) => feed.Endpoint("fulfillment", endpoint => endpoint.AddConsumer<WhenPaymentCaptured>()));
}
