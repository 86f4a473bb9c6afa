using Orders.Fulfillment;
using Orders.Hosting;
using Orders.Notification;
using Orders.Payment;
using Orders.Tax;
using Orders.TaxAudit;
using Orders.Views;

// All workers in one process, for small installations and laptops: the same endpoints under the same lease prefixes, so an installation can go
// from one shape to the other, or be both for a while.
return await Workers.RunAsync(
    "workers", args, TaxWorker.Worker, TaxAuditWorker.Worker, PaymentWorker.Worker, FulfillmentWorker.Worker, NotificationWorker.Worker, ViewsWorker.Worker);
