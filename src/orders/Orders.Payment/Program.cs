using ChangeFeed.ServiceDefaults;
using Orders.Hosting;
using Orders.Payment;
using Orders.Simulators;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService("payment");
builder.AddChangeFeedEndpoint("payment", endpoint =>
{
    endpoint.AddConsumer<WhenTaxCalculated>();
    endpoint.AddConsumer<WhenMoneyIsOwed>();
});
builder.Services.AddSingleton<PaymentReactions>();
builder.Services.AddSimulators(builder.Configuration);
builder.Services.AddOutsideCalls();
builder.Services.AddSingleton<SimulatedPaymentGateway>();
builder.Services.AddSingleton<IPaymentGateway>(services => new PaymentGatewayWithDeadline(
    services.GetRequiredService<SimulatedPaymentGateway>(), services.GetRequiredService<OutsideCalls>()));

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
