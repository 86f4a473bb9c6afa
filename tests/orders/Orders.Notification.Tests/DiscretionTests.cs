using System.Text.Json;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Contracts;
using Orders.Notification.Mail;
using Orders.PersonalData;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

public sealed class DiscretionTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    private static readonly string[] Personal = ["zenobia", "palmyra.example", "Zenobia Septimia"];

    [Fact]
    public async Task A_failure_that_quotes_the_customer_leaves_nothing_of_them_in_logs_dead_letters_and_heartbeats()
    {
        using var log = new LogCollector();
        service.Additions = services =>
        {
            services.AddSingleton<IMailer, QuotingMailer>();
            services.AddSingleton<ILoggerProvider>(log);
        };
        var personal = service.Services.GetRequiredService<PersonalDataProtector>();
        var placed = await personal.SealAsync(Placed(name: Personal[2], email: "zenobia@palmyra.example"), TestContext.Current.CancellationToken);
        var id = await service.AppendAsync(placed, Taxed(), Captured(), Shipped());

        var letters = new DeadLetterClient(service.Database.DeadLetters, TimeProvider.System);
        await Eventually.UntilAsync(async () => (await letters.ParkedAsync("notification", TestContext.Current.CancellationToken)).Count == 1);
        var parked = (await letters.StreamAsync("notification", id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        parked.ErrorType.ShouldBe(typeof(ConcealedException).FullName);
        parked.Error.ShouldBe("System.InvalidOperationException; its words repeat personal data and are not kept.");

        await Eventually.UntilAsync(async () =>
            (await AllAsync(service.Database.Controls)).Contains(nameof(InvalidOperationException), StringComparison.Ordinal));
        var kept = string.Concat(log.Lines) + await AllAsync(service.Database.DeadLetters) + await AllAsync(service.Database.Controls);
        kept.ShouldContain(nameof(InvalidOperationException));
        Personal.ShouldAllBe(text => !kept.Contains(text, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<string> AllAsync(Container container)
    {
        var all = "";
        using var pages = container.GetItemQueryIterator<JsonElement>("SELECT * FROM c");
        while (pages.HasMoreResults)
            all += string.Concat(await pages.ReadNextAsync(TestContext.Current.CancellationToken));
        return all;
    }

    private sealed class QuotingMailer : IMailer
    {
        public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"550 <{mail.To.ToUpperInvariant()}> is unknown", new FormatException($"'{mail.ToName}' has no mailbox"));

        public void Forget(IEnumerable<string> messageIds)
        {
        }
    }
}
