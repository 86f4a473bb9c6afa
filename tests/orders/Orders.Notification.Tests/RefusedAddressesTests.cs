using ChangeFeed.MassTransit;
using Orders.Contracts;
using Orders.Notification.Mail;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

public sealed class RefusedAddressesTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    [Fact]
    public async Task Forty_orders_with_an_address_the_server_refuses_stop_nobody_elses_mail()
    {
        await using var server = new SmtpServer
        {
            Offers = ["8BITMIME"],
            Answer = command => command.StartsWith("RCPT TO:<gone@", StringComparison.Ordinal) ? "550 gone@example.org is unknown" : null,
        };
        service.Settings["Mail:Smtp:Host"] = "127.0.0.1";
        service.Settings["Mail:Smtp:Port"] = $"{server.Port}";
        var letters = new DeadLetterClient(service.Database.DeadLetters, TimeProvider.System);
        var refused = new List<string>();
        for (var i = 0; i < 40; i++)
            refused.Add(await service.AppendAsync(Placed(email: i % 2 == 0 ? "jürgen@example.org" : "gone@example.org"), Taxed(), Captured(), Shipped()));

        await Eventually.UntilAsync(async () => (await letters.ParkedAsync("notification", TestContext.Current.CancellationToken)).Count == 40);
        var other = await service.AppendAsync(Placed(), Taxed(), Captured(), Shipped());
        await service.StreamEndingWithAsync<CustomerNotified>(other);

        var parked = await letters.ParkedAsync("notification", TestContext.Current.CancellationToken);
        parked.Select(stream => stream.StreamId).Order().ShouldBe(refused.Order());
        parked.ShouldAllBe(
            stream => stream.ErrorType == typeof(MailRefusedException).FullName && !stream.Error!.Contains("example.org", StringComparison.Ordinal));
        server.Mails.ShouldHaveSingleItem().Recipients.ShouldBe(["<ada@example.org>"]);
        server.Commands.Count(command => command.StartsWith("RCPT TO:<gone@", StringComparison.Ordinal)).ShouldBe(20); // once each
    }
}
