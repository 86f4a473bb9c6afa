// Which processes run and what each is wired to. Nothing connects the services but the events in the store.
using ChangeFeed.AppHost;
using ChangeFeed.AppHost.Commands;
using ChangeFeed.AppHost.Lifecycle;
using ChangeFeed.AppHost.Options;
using ChangeFeed.AppHost.Resources;
using Microsoft.Extensions.DependencyInjection;

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

    var orders = builder.AddApi<Projects.Orders_Api>(ServiceNames.Orders, "Cart", settings.Port("OrdersApi", 5101, ServiceNames.Orders), store)
        .WithUrls(("/swagger", "Orders API (Swagger)"))
        .WithCallers("OrdersApi", settings)
        .WithOrderCommands();

    if (settings.IsCompact)
        builder.AddWorker<Projects.Orders_Compact>("workers", "Apps", 1, store, [.. ServiceNames.Workers, .. ViewCommands.Views])
            .WithSimulators(settings)
            .WithMail(settings)
            .WithTimers(store)
            .WithViews(store);
    else
    {
        builder.AddWorker<Projects.Orders_Tax>("tax", "Calculator", settings.Replicas("Tax"), store);
        builder.AddWorker<Projects.Orders_TaxAudit>("tax-audit", "ClipboardTaskListLtr", settings.Replicas("TaxAudit"), store);
        builder.AddWorker<Projects.Orders_Payment>("payment", "Payment", settings.Replicas("Payment"), store).WithSimulators(settings).WithTimers(store);
        builder.AddWorker<Projects.Orders_Fulfillment>("fulfillment", "BoxCheckmark", settings.Replicas("Fulfillment"), store)
            .WithSimulators(settings)
            .WithTimers(store);
        builder.AddWorker<Projects.Orders_Notification>("notification", "Mail", settings.Replicas("Notification"), store).WithMail(settings).WithTimers(store);
        builder.AddWorker<Projects.Orders_Views>("views", "DataBarVertical", settings.Replicas("Views"), store, ViewCommands.Views).WithViews(store);
    }

    var care = builder.AddApi<Projects.Orders_CustomerCare>(ServiceNames.Care, "PersonSupport", settings.Port("CustomerCare", 5102, ServiceNames.Care), store)
        .WithUrls(("/", "Pages"), ("/swagger", "API (Swagger)"))
        .WithReference(orders)
        .WithCallers("CustomerCare", settings)
        .WithEnvironment("Shopper__Rate", settings.ShopperRate)
        .WithEnvironment("Shopper__Key", settings.CareKey);

    builder.AddSinks(settings, store, orders, care);

    await using var application = builder.Build();
    await application.RunAsync();
    await application.Services.GetRequiredService<ServiceProcesses>().UntilGoneAsync();
    return Environment.ExitCode;
}
catch (SettingException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}
