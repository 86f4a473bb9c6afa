using Orders.Fulfillment;
using ChangeFeed.ServiceDefaults;
using ChangeFeed.ServiceDefaults.Simulators;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("fulfillment");
builder.AddChangeFeedEndpoint("fulfillment", endpoint => endpoint.AddConsumer<WhenPaymentCaptured>());
builder.Services.AddSingleton<FulfillmentReactions>();
builder.Services.AddSimulators(builder.Configuration);
builder.Services.AddSingleton<ICarrier, SimulatedCarrier>();

var app = builder.Build();
app.MapServiceDefaults();
return await app.RunServiceAsync();
