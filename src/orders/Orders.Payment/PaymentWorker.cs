using ChangeFeed.Timers;
using Microsoft.Extensions.Options;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.Simulators;

namespace Orders.Payment;

/// <summary>What the service is made of.</summary>
public static class PaymentWorker
{
    // Most orders are paid by then, and need no deadline.
    private static readonly TimeSpan UsuallyPaid = TimeSpan.FromSeconds(5);

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
            builder.Services.AddSingleton<IValidateOptions<PaymentOptions>, PaymentOptionsValidation>();
            builder.Services.AddOptions<PaymentOptions>().BindConfiguration(PaymentOptions.Section).ValidateOnStart();
            builder.Services.AddOrderTimer(_ => new TimerHandler(PaymentDeadline.Name, PaymentDeadline.Name, PaymentDeadline.WhenDue));
        },
        (feed, _) =>
        {
            feed.Endpoint("payment", endpoint =>
            {
                endpoint.AddConsumer<WhenTaxCalculated>();
                endpoint.AddConsumer<WhenMoneyIsOwed>();
            });
            feed.Endpoint(PaymentDeadline.Name, endpoint =>
            {
                endpoint.AddConsumer<WhenPaymentIsDue>();
                endpoint.Linger = UsuallyPaid;
            });
        });
}
