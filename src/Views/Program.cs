using OrderPipeline.ServiceDefaults;
using OrderPipeline.Views;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("views");
builder.AddChangeFeed(feed => feed
    .AddView(builder.Services, new OrderStatusProjection(), database => database.OrderStatus));

var app = builder.Build();
app.MapServiceDefaults();
return await app.RunServiceAsync();
