using ChangeFeed.ServiceDefaults;
using Orders.CustomerCare;
using Orders.CustomerCare.Access;
using Orders.CustomerCare.Pages;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Shopper;
using Orders.Web;

// What it serves lies beside the program, wherever it is started from. Built but not published, styles and scripts stay where they were
// made, and a list beside the program says where; without being asked, the framework reads that list in development alone.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets();
builder.AddOrderService("customer-care", port: 5102);
builder.Services.AddReadModels();
builder.Services.AddPersonalData();
builder.AddApi("Customer care API", "See everything that happened to an order: what, when, who did it, and because of what.");
builder.Services.AddApiKeys();
builder.Services.AddRateLimits();
builder.Services.AddCare();
builder.Services.AddPages();
if (builder.Environment.IsDevelopment() || !string.IsNullOrEmpty(builder.Configuration["Shopper:Rate"]))
    builder.Services.AddShopper();

return await builder.RunServiceAsync(app =>
{
    app.UseApi(hasPages: true);
    app.UsePages();
    app.UseAuthentication();
    app.UseRateLimiter(); // after it is known who asks, and before they are told that they may not
    app.UseAuthorization();
    app.MapServiceDefaults();
    app.MapCare();
    app.MapPages();
});
