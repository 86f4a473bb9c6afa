using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

public class NotificationServiceTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    [Fact]
    public async Task The_customer_of_a_shipped_order_gets_a_mail()
    {
        var stream = await service.StreamEndingWithAsync<CustomerNotified>(await service.AppendAsync(Placed(), Taxed(), Captured(), Shipped()));

        var notified = (CustomerNotified)stream[4].Data;
        (notified.Notice, notified.Channel, notified.Recipient).ShouldBe((NoticeKind.Shipped, "email", "ada@example.org"));
        (stream[4].Meta.By, stream[4].Meta.CausationId).ShouldBe(("notification", stream[3].Meta.EventId));
        service.Files.Files("", $"shipped-{stream[3].Meta.EventId}.eml").Length.ShouldBe(1);
    }

    [Fact]
    public async Task The_customer_of_a_rejected_order_gets_one_mail_after_the_refund()
    {
        var stream = await service.StreamEndingWithAsync<CustomerNotified>(
            await service.AppendAsync(Placed(), Taxed(), Captured(), Rejected(), Refunded()));

        ((CustomerNotified)stream[5].Data).Notice.ShouldBe(NoticeKind.Rejected);
    }

    [Fact]
    public async Task A_notice_that_is_asked_for_again_is_a_mail_of_its_own()
    {
        var told = await service.StreamEndingWithAsync<CustomerNotified>(await service.AppendAsync(Placed(), Taxed(), Captured(), Shipped()));
        await service.AppendToAsync(told[0].StreamId, NoticeAsked(NoticeKind.Shipped));
        var again = await service.StreamEndingWithAsync<CustomerNotified>(told[0].StreamId);

        var (first, second) = ((CustomerNotified)again[4].Data, (CustomerNotified)again[6].Data);
        second.ShouldBe(first with { MessageId = second.MessageId });
        (again[6].Meta.By, again[6].Meta.CausationId).ShouldBe(("notification", again[5].Meta.EventId));
        foreach (var cause in new[] { again[3], again[5] })
            service.Files.Files("", $"shipped-{cause.Meta.EventId}.eml").Length.ShouldBe(1);
    }

    [Fact]
    public async Task The_mails_of_a_customer_who_was_erased_are_deleted_also_where_the_order_cannot_be_read()
    {
        var stream = await service.StreamEndingWithAsync<CustomerNotified>(await service.AppendAsync(Placed(), Taxed(), Captured(), Shipped()));
        var id = stream[0].StreamId;
        var mail = service.Files.Files("", $"shipped-{stream[3].Meta.EventId}.eml").ShouldHaveSingleItem();
        // Nobody can read this order's events any more: what tells customers parks it.
        await service.AppendRawAsync(id, 5, "NotificationRequested", """{"notice":"NoSuchNotice"}""");
        await service.AppendRawAsync(id, 6, "PersonalDataErased", """{"markerSeconds":60}""");

        await Eventually.UntilAsync(() => Task.FromResult(!File.Exists(mail)));
    }
}
