using ChangeFeed.ServiceDefaults;
using ChangeFeed.Sinks;
using Orders.Hosting;
using Orders.Sinks;

var builder = WebApplication.CreateBuilder(args);
if (!SinkSettings.TryRead(builder.Configuration, out var settings, out var problems))
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, problems));
    return 1;
}

builder.AddOrderService("sinks");
builder.AddSinks(settings);

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
