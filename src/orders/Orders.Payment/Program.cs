using Orders.Hosting;
using Orders.Payment;

return await Workers.RunAsync("payment", args, PaymentWorker.Worker);
