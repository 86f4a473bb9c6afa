using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Timers;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Domain;
using Orders.Notification.Mail;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

/// <summary>A mail that could not be sent today is tried again tomorrow, a few times.</summary>
public sealed class MailRetryTests
{
    private static readonly MailOptions Options = new();

    [Fact]
    public void The_first_failure_makes_a_timer_of_a_day_and_the_last_none()
    {
        var stream = Given(Placed(), Taxed(), Captured(), Shipped());
        var shipped = stream.Last;
        var first = MailRetry.AfterFailure(shipped, stream.State, Options);
        first.ShouldBe(new Schedule("mail-retry", TimeSpan.FromDays(1), new NoticeDue(NoticeKind.Shipped, 1, shipped.Meta.EventId)) { FromNow = true });

        for (var attempt = 1; attempt <= Options.LaterTries; attempt++)
        {
            var due = stream.Append(new NoticeDue(NoticeKind.Shipped, attempt, shipped.Meta.EventId));
            var next = MailRetry.AfterFailure(due, stream.State, Options);
            if (attempt == Options.LaterTries)
                next.ShouldBeNull();
            else
                next!.Event.ShouldBe(new NoticeDue(NoticeKind.Shipped, attempt + 1, shipped.Meta.EventId));
        }
    }

    [Fact]
    public void A_notice_that_was_sent_or_is_about_what_is_no_more_is_not_due()
    {
        var due = new NoticeDue(NoticeKind.Shipped, 1, Guid.Empty);
        var notified = new CustomerNotified(NoticeKind.Shipped, "email", "ada@example.org", "subject", "id@example.org");
        MailRetry.WhenDue(due, Given(Placed(), Taxed(), Captured(), Shipped()).Events).ShouldBe([due]);
        MailRetry.WhenDue(due, Given(Placed(), Taxed(), Captured(), Shipped(), notified).Events).ShouldBeEmpty();
        MailRetry.WhenDue(due, Given(Placed(), Taxed(), Captured(), Shipped(), notified, NoticeAsked(NoticeKind.Shipped)).Events).ShouldBe([due]);
        MailRetry.WhenDue(due with { Notice = NoticeKind.Rejected }, Given(Placed(), Taxed(), Captured(), Rejected()).Events).ShouldBeEmpty();
        NotificationDecisions.Notice(due, OrderState.Fold(Given(Placed(), Taxed(), Captured(), Shipped(), notified).Events)).ShouldBeNull();
    }

    [Theory]
    [InlineData(9, 3, "Mail:TryAgainAfter must be between 00:00:10 and 30.00:00:00.")]
    [InlineData(10, 31, "Mail:LaterTries must be between 0 and 30.")]
    public void A_wrong_setting_is_named(int seconds, int tries, string sentence) =>
        new MailOptionsValidation().Validate(null, new MailOptions { TryAgainAfter = TimeSpan.FromSeconds(seconds), LaterTries = tries })
            .FailureMessage.ShouldBe(sentence);
}

/// <summary>The same in the running service, whose mail server is down.</summary>
public sealed class MailRetryServiceTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_is_sent_later_as_the_same_mail_and_an_order_whose_later_tries_fail_is_parked()
    {
        await using var server = new SmtpServer();
        server.Answer = command => command.StartsWith("RCPT TO:", StringComparison.Ordinal) ? "451 not today" : null;
        service.Settings["Mail:Smtp:Host"] = "127.0.0.1";
        service.Settings["Mail:Smtp:Port"] = $"{server.Port}";
        service.Settings["Mail:TryAgainAfter"] = "00:00:10";
        service.Settings["Mail:LaterTries"] = "1";
        service.Settings["Timers:PollInterval"] = "00:00:01";
        var (timers, letters) = (service.Services.GetRequiredService<TimerStore>(), new DeadLetterClient(service.Database.DeadLetters, TimeProvider.System));
        var id = await service.AppendAsync(Placed(), Taxed(), Captured(), Shipped());
        var hopeless = await service.AppendAsync(Placed(email: "bob@example.org"), Taxed(), Captured(), Shipped());
        foreach (var order in new[] { id, hopeless })
            await Eventually.UntilAsync(async () => (await timers.OfStreamAsync(order, Stop)) is [{ Name: MailRetry.Name, Event: nameof(NoticeDue) }]);
        (await letters.ParkedAsync("notification", Stop)).ShouldBeEmpty();

        server.Answer = command => command.StartsWith("RCPT TO:<bob@", StringComparison.Ordinal) ? "451 not today" : null;

        var stream = await service.StreamEndingWithAsync<CustomerNotified>(id);
        (stream[4].Data, stream[4].Meta.By).ShouldBe((new NoticeDue(NoticeKind.Shipped, 1, stream[3].Meta.EventId), MailRetry.Name));
        var mail = server.Mails.ShouldHaveSingleItem();
        mail.Data.ShouldContain($"Message-Id: <shipped-{stream[3].Meta.EventId}@");
        ((CustomerNotified)stream[5].Data).MessageId.ShouldStartWith($"shipped-{stream[3].Meta.EventId}@");
        (await timers.OfStreamAsync(id, Stop)).ShouldBeEmpty();

        await Eventually.UntilAsync(async () => (await letters.ParkedAsync("notification", Stop)) is [{ StreamId: var parked }] && parked == hopeless);
        (await service.Events.ReadStreamAsync(hopeless, Stop))[^1].Data.ShouldBeOfType<NoticeDue>();
    }
}
