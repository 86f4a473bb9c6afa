using ChangeFeed.ServiceDefaults;
using Orders.Hosting;
using Orders.Payment;
using Orders.PersonalData;
using Orders.Simulators;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService("payment");
builder.Services.AddPersonalData();
builder.AddChangeFeedEndpoint("payment", endpoint =>
{
    endpoint.AddConsumer<WhenTaxCalculated>();
    endpoint.AddConsumer<WhenMoneyIsOwed>();
});
builder.Services.AddSingleton<PaymentReactions>();
builder.Services.AddSimulators(builder.Configuration);
builder.Services.AddSingleton<IPaymentGateway, SimulatedPaymentGateway>();

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
