using OrderPipeline.CustomerCare;
using OrderPipeline.CustomerCare.Access;
using OrderPipeline.CustomerCare.Events;
using OrderPipeline.ServiceDefaults;
using OrderPipeline.ServiceDefaults.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("customer-care", port: 5102);
builder.AddApi("Customer care API", "See everything that happened to an order: what, when, who did it, and because of what.");
builder.Services.AddApiKeys();
builder.Services.AddSingleton<StoredEvents>();

var app = builder.Build();
app.UseApi();
app.UseAuthentication();
app.UseAuthorization();
app.MapServiceDefaults();
app.MapCare();
return await app.RunServiceAsync();
