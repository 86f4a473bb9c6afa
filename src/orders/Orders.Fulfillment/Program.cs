using ChangeFeed.ServiceDefaults;
using Orders.Fulfillment;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.Simulators;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService("fulfillment");
builder.Services.AddPersonalData();
builder.AddChangeFeedEndpoint("fulfillment", endpoint => endpoint.AddConsumer<WhenPaymentCaptured>());
builder.Services.AddSingleton<FulfillmentReactions>();
builder.Services.AddSimulators(builder.Configuration);
builder.Services.AddOutsideCalls();
builder.Services.AddSingleton<SimulatedCarrier>();
builder.Services.AddSingleton<ICarrier>(services => new CarrierWithDeadline(
    services.GetRequiredService<SimulatedCarrier>(), services.GetRequiredService<OutsideCalls>()));

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
