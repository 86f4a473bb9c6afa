using Orders.Hosting;
using Orders.PersonalData;
using Orders.Simulators;

namespace Orders.Payment;

/// <summary>What the service is made of.</summary>
public static class PaymentWorker
{
    /// <summary>Captures and refunds.</summary>
    public static Worker Worker { get; } = new(
        "payment",
        builder =>
        {
            builder.Services.AddPersonalData();
            builder.Services.AddSingleton<PaymentReactions>();
            builder.Services.AddSimulators(builder.Configuration);
            builder.Services.AddOutsideCalls();
            builder.Services.AddSingleton<SimulatedPaymentGateway>();
            builder.Services.AddSingleton<IPaymentGateway>(services => new PaymentGatewayWithDeadline(
                services.GetRequiredService<SimulatedPaymentGateway>(), services.GetRequiredService<OutsideCalls>()));
        },
        (feed, _) => feed.Endpoint("payment", endpoint =>
        {
            endpoint.AddConsumer<WhenTaxCalculated>();
            endpoint.AddConsumer<WhenMoneyIsOwed>();
        }));
}
