using OrderPipeline.ServiceDefaults;
using OrderPipeline.Views;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("views");
builder.AddViews(AllViews.List);

var app = builder.Build();
app.MapServiceDefaults();
return await app.RunServiceAsync();
