using Orders.Hosting;
using Orders.Tax;

return await Workers.RunAsync("tax", args, TaxWorker.Worker);
