using Bench.Peers;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Http;
using Wolverine.Marten;
using Wolverine.Postgresql;

// The order pipeline as one would build it on Marten and Wolverine: streams with an outbox in one transaction, fast event forwarding, aggregate
// handlers, quick appends, views by the asynchronous daemon. The README of the bench says what it leaves out.
var settings = PeerSettings.FromEnvironment();
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls(settings.Address);

var marten = builder.Services.AddMarten(options =>
    {
        options.Connection(settings.Connection);
        options.DatabaseSchemaName = "orders";
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.Events.AppendMode = EventAppendMode.Quick;
        options.Events.UseIdentityMapForAggregates = true;
        options.Events.UseArchivedStreamPartitioning = true;
        options.Events.UseListenNotifyForEventAppends = true;
        options.Events.AddEventTypes(
            [typeof(OrderPlaced), typeof(TaxCalculated), typeof(PaymentCaptured), typeof(OrderShipped), typeof(CustomerNotified)]);
        options.DisableNpgsqlLogging = true;
        options.Schema.For<TaxAuditRecord>();
        options.Projections.LiveStreamAggregation<Order>();
        if (!settings.Has("views"))
            return;
        options.Projections.Add<OrderStatusProjection>(ProjectionLifecycle.Async);
        if (!settings.HasFourViews)
            return;
        options.Projections.Add<CustomerOrdersProjection>(ProjectionLifecycle.Async);
        options.Projections.Add<SearchProjection>(ProjectionLifecycle.Async);
        options.Projections.Add<StatisticsProjection>(ProjectionLifecycle.Async);
    })
    .UseLightweightSessions()
    .IntegrateWithWolverine(wolverine =>
    {
        wolverine.UseFastEventForwarding = true;
        wolverine.MessageStorageSchemaName = $"wolverine_{settings.Name}";
        wolverine.SubscribeToEvent<OrderPlaced>().TransformedTo(e => new CalculateTax(e.StreamId));
        wolverine.SubscribeToEvent<TaxCalculated>().TransformedTo(e => new CapturePayment(e.StreamId));
        wolverine.SubscribeToEvent<TaxCalculated>().TransformedTo(e => new RecordTax(e.StreamId, e.Id, e.Data, e.Timestamp));
        wolverine.SubscribeToEvent<PaymentCaptured>().TransformedTo(e => new ShipOrder(e.StreamId));
        wolverine.SubscribeToEvent<OrderShipped>().TransformedTo(e => new NotifyCustomer(e.StreamId));
    });
if (settings.Has("views"))
    marten.AddAsyncDaemon(DaemonMode.Solo);

builder.Host.UseWolverine(options =>
{
    options.ServiceName = $"peer-{settings.Name}";
    options.Durability.Mode = DurabilityMode.Solo;
    options.Policies.AutoApplyTransactions();
    options.Policies.OnException<ConcurrencyException>().RetryTimes(3);
    options.Discovery.DisableConventionalDiscovery();
    foreach (var (role, handler) in new[]
        {
            ("tax", typeof(TaxHandler)), ("tax-audit", typeof(TaxAuditHandler)), ("payment", typeof(PaymentHandler)),
            ("fulfillment", typeof(FulfillmentHandler)), ("notification", typeof(NotificationHandler)),
        })
    {
        if (settings.Has(role))
            options.Discovery.IncludeType(handler);
    }

    if (settings.IsOne)
    {
        options.Policies.UseDurableLocalQueues();
        return;
    }

    options.UsePostgresqlPersistenceAndTransport(settings.Connection, $"wolverine_{settings.Name}", transportSchema: "queues")
        .EnableQueueNotifications()
        .AutoProvision();
    options.Policies.DisableConventionalLocalRouting();
    options.PublishMessage<CalculateTax>().ToPostgresqlQueue("tax");
    options.PublishMessage<RecordTax>().ToPostgresqlQueue("tax_audit");
    options.PublishMessage<CapturePayment>().ToPostgresqlQueue("payment");
    options.PublishMessage<ShipOrder>().ToPostgresqlQueue("fulfillment");
    options.PublishMessage<NotifyCustomer>().ToPostgresqlQueue("notification");
    foreach (var stage in PeerSettings.Stages.Where(settings.Has))
        options.ListenToPostgresqlQueue(stage.Replace('-', '_')).MaximumMessagesToReceive(100);
});
if (settings.Has("api"))
    builder.Services.AddWolverineHttp();

var app = builder.Build();
app.MapGet("/health", () => "Healthy");
if (settings.Has("api"))
    app.MapWolverineEndpoints();
await app.RunAsync();
