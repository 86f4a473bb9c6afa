using ChangeFeed.ServiceDefaults;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Views;
using Orders.Views.Erasure;
using Orders.Views.Tools;

if (ViewTools.IsCommand(args))
    return await ViewTools.RunAsync(args);

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService("views");
builder.Services.AddReadModels();
builder.Services.AddPersonalData();
builder.AddViews(AllViews.List);
builder.AddErasure();

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
