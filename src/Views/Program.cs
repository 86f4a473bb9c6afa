using OrderPipeline.ServiceDefaults;
using OrderPipeline.Views;
using OrderPipeline.Views.Erasure;
using OrderPipeline.Views.Tools;

if (ViewTools.IsCommand(args))
    return await ViewTools.RunAsync(args);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("views");
builder.AddViews(AllViews.List);
builder.AddErasure();

var app = builder.Build();
app.MapServiceDefaults();
return await app.RunServiceAsync();
