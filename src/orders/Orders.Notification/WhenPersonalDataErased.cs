using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;
using Orders.Notification.Mail;

namespace Orders.Notification;

/// <summary>
/// Deletes the mails of an order whose customer was erased from the pickup directory. An endpoint of its own: an order whose notices are
/// parked is erased like any other.
/// </summary>
public sealed class WhenPersonalDataErased(OrdersDatabase database, CosmosEventStore store, IMailer mailer, IOptions<MailOptions> options)
    : IConsumer<PersonalDataErased>
{
    public async Task Consume(ConsumeContext<PersonalDataErased> context)
    {
        var stream = context.Recorded().StreamId;
        // Not read as events: one that nobody can read must not keep the mails of the others.
        var causes = await database.Events.QueryAsync(
            new QueryDefinition("SELECT VALUE c.meta.eventId FROM c WHERE IS_STRING(c.meta.eventId)"),
            id => id.GetString()!,
            new QueryRequestOptions { PartitionKey = new PartitionKey(stream) },
            context.CancellationToken);
        var cold = await store.FindColdAsync(stream, context.CancellationToken) is { } left
            ? (await store.ReadColdAsync([left], context.CancellationToken))[stream].Select(e => e.Meta.EventId)
            : [];
        mailer.Forget(NoticeText.MessageIds(causes.Where(id => Guid.TryParse(id, out _)).Select(Guid.Parse).Union(cold), options.Value.Domain));
    }
}
