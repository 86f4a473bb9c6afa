using ChangeFeed.ServiceDefaults;
using Orders.Hosting;
using Orders.TaxAudit;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService("tax-audit");
builder.Services.AddContainers(TaxAuditContainers.TaxAudit);
builder.AddChangeFeedEndpoint("tax-audit", endpoint => endpoint.AddConsumer<RecordTax>());
builder.Services.AddSingleton(services => new TaxAuditStore(services.GetRequiredService<OrdersDatabase>().Get(TaxAuditContainers.TaxAudit)));

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
