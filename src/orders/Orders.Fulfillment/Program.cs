using Orders.Fulfillment;
using Orders.Hosting;

return await Workers.RunAsync("fulfillment", args, FulfillmentWorker.Worker);
