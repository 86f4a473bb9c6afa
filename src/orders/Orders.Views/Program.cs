using Orders.Hosting;
using Orders.Views;
using Orders.Views.Tools;

return ViewTools.IsCommand(args) ? await ViewTools.RunAsync(args) : await Workers.RunAsync("views", args, ViewsWorker.Worker);
