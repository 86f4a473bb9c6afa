// Which processes run and what each is wired to. Nothing connects the services but the events in the store.
using ChangeFeed.AppHost;

if (args is ["--help"])
{
    Console.WriteLine(Arguments.Help);
    return 0;
}

try
{
    var builder = OrderPipelineApplication.CreateBuilder(args, out var settings);
    using var claim = new DataDirectoryClaim(settings.DataDirectory);

    var store = builder.AddEventStore(settings);

    var orders = builder.AddApi<Projects.Orders_Api>("orders-api", settings.Port("OrdersApi", 5101, "orders-api"), store);

    builder.AddWorker<Projects.Orders_Tax>("tax", settings.Replicas("Tax"), store);
    builder.AddWorker<Projects.Orders_TaxAudit>("tax-audit", settings.Replicas("TaxAudit"), store);
    builder.AddWorker<Projects.Orders_Payment>("payment", settings.Replicas("Payment"), store).WithSimulators(settings);
    builder.AddWorker<Projects.Orders_Fulfillment>("fulfillment", settings.Replicas("Fulfillment"), store).WithSimulators(settings);
    builder.AddWorker<Projects.Orders_Notification>("notification", settings.Replicas("Notification"), store)
        .WithEnvironment("Mail__PickupDirectory", Path.Combine(settings.DataDirectory, "mail"));
    builder.AddWorker<Projects.Orders_Views>("views", settings.Replicas("Views"), store)
        .WithEnvironment("Erasure__ObserveDeletes", store.IsEmbedded ? "true" : "false");

    builder.AddApi<Projects.Orders_CustomerCare>("customer-care", settings.Port("CustomerCare", 5102, "customer-care"), store)
        .WithReference(orders)
        .WithEnvironment("Shopper__Rate", settings.ShopperRate)
        .WithEnvironment("CustomerCare__Key", settings.CareKey);

    await builder.Build().RunAsync();
    return Environment.ExitCode;
}
catch (SettingException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}
