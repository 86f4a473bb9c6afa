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
builder.Services.AddSingleton<ICarrier, SimulatedCarrier>();

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
