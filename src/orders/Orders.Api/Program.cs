using ChangeFeed.ServiceDefaults;
using Orders.Api;
using Orders.Api.Access;
using Orders.Api.CustomerOrders;
using Orders.Api.Customers;
using Orders.Api.ReadingAnOrder;
using Orders.Api.ReferenceData;
using Orders.Api.Statistics;
using Orders.Cache;
using Orders.Contracts;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Web;
using Orders.Web.Access;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService(OrdersApi.ServiceName, port: 5101);
builder.Services.AddReadModels();
builder.Services.AddPersonalData();
builder.AddApi("Orders API", "Place orders, see how they are doing, cancel them. Everything after placing happens on its own; ask for the order's status.");
builder.Services.AddCallers("OrdersApi", anonymousRole: Roles.Operator);
builder.Services.AddOrdersPolicies();
builder.Services.AddRateLimits<OrdersRateLimits>(OrdersRateLimits.Section, OrdersRateLimits.Apart);
builder.Services.AddOrderCache(builder.Configuration, OrdersApi.ServiceName);
builder.Services.AddSingleton<OrderStatusReader>();
builder.Services.AddSingleton<LatestEvents>();
builder.Services.AddSingleton<CustomerOrdersReader>();
builder.Services.AddSingleton(services => new ReferenceStore<CustomerDocument>(
    services.GetRequiredService<OrdersDatabase>().Get(ReferenceContainers.Customers), ReadModelsJson.Default.CustomerDocument));
builder.Services.AddSingleton(services => new ReferenceStore<ProductDocument>(
    services.GetRequiredService<OrdersDatabase>().Get(ReferenceContainers.Products), ReadModelsJson.Default.ProductDocument));
builder.Services.AddSingleton<RenamingReader>();
builder.Services.AddSingleton<ErasureReader>();
builder.Services.AddStatistics();
builder.Services.AddReferenceWriteLimits();
builder.Services.AddHostedService<WarmUp>();

return await builder.RunServiceAsync(app =>
{
    app.UseApi();
    app.UseCallers();
    app.MapServiceDefaults();
    app.MapOrders();
    app.MapStatistics();
});
