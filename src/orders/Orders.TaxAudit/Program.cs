using Orders.Hosting;
using Orders.TaxAudit;

return await Workers.RunAsync("tax-audit", args, TaxAuditWorker.Worker);
