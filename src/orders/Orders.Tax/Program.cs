using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Options;
using Orders.Hosting;
using Orders.Tax;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService("tax");
builder.AddChangeFeedEndpoint("tax", endpoint => endpoint.AddConsumer<WhenOrderPlaced>());
builder.Services.AddSingleton<IValidateOptions<TaxOptions>, TaxOptionsValidation>();
builder.Services.AddOptions<TaxOptions>().Bind(builder.Configuration.GetSection(TaxOptions.Section)).ValidateOnStart();
builder.Services.AddSingleton(services =>
    TaxRateFile.Parse(File.ReadLines(services.GetRequiredService<IOptions<TaxOptions>>().Value.RatesFile)));

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
