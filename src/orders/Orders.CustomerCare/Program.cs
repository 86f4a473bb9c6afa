using ChangeFeed.ServiceDefaults;
using Orders.CustomerCare;
using Orders.CustomerCare.Access;
using Orders.CustomerCare.Mcp;
using Orders.CustomerCare.Pages;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Shopper;
using Orders.Web;
using Orders.Web.Access;

// What it serves lies beside the program, wherever it is started from. Built but not published, styles and scripts stay where they were
// made, and a list beside the program says where; without being asked, the framework reads that list in development alone.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets();
builder.AddOrderService("customer-care", port: 5102);
builder.Services.AddReadModels();
builder.Services.AddPersonalData();
builder.AddApi("Customer care API", "See everything that happened to an order: what, when, who did it, and because of what.");
builder.Services.AddCallers("CustomerCare", anonymousRole: Roles.Reader); // who acts must be known always, because it is kept who did
builder.Services.AddRateLimits<CareRateLimits>(CareRateLimits.Section, CareRateLimits.Apart, CareRateLimits.IsApi);
builder.Services.AddCare();
builder.Services.AddPages(builder.Configuration);
builder.Services.AddMcp();
if (builder.Environment.IsDevelopment() || !string.IsNullOrEmpty(builder.Configuration["Shopper:Rate"]))
    builder.Services.AddShopper();

return await builder.RunServiceAsync(app =>
{
    app.UseApi(hasPages: true);
    app.UsePages();
    app.UseCallers();
    app.MapServiceDefaults();
    app.MapCare();
    app.MapMcp();
    app.MapPages();
});
