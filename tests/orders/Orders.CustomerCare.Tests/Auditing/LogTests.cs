using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.CustomerCare.Tests.Mcp;

namespace Orders.CustomerCare.Tests.Auditing;

public sealed class LogTests(WithStore service) : IClassFixture<WithStore>
{
    private const string Email = "zuleika.of.the.log.test@example.org";
    private const string Name = "Zuleika Dobson-Logtest";
    private const string WrongKey = "a-key-that-is-wrong-and-distinct";

    [Fact]
    public async Task No_line_of_the_log_has_personal_data_or_a_key_in_it()
    {
        using var log = new LogCollector();
        await using var logged = service.WithWebHostBuilder(builder => builder
            .UseSetting("Logging:LogLevel:Default", "Debug")
            .UseSetting("Logging:LogLevel:ChangeFeed", "Trace")
            .UseSetting("Logging:LogLevel:Orders", "Trace")
            .ConfigureServices(services => services.AddSingleton<ILoggerProvider>(log)));
        var placed = Given.Placed with { Email = Email, ShipTo = Given.Placed.ShipTo with { Name = Name } };
        var id = await service.AppendAsync(placed, Given.Taxed, Given.Paid, Given.Shipped, Given.Told with { Recipient = Email });
        var client = logged.CreateClient();

        foreach (var url in new[]
        {
            $"/care/orders/{id}", $"/care/orders/{id}/events", $"/care/orders/{id}/events/0", $"/care/orders/{id}/at?version=1", $"/care/orders/{id}/causation",
            $"/care/search?q={Email}", "/care/audit", "/care/services", "/care/dead-letters", $"/orders/{id}", "/search", "/dead-letters", "/services",
        })
            foreach (var key in new[] { WithStore.OperatorKey, WithStore.ReaderKey, WrongKey })
                await client.GetAsync(url, key);
        (await (await client.GetAsync($"/care/orders/{id}", WithStore.ReaderKey)).JsonAsync())["placed"]!["email"]!.GetValue<string>().ShouldBe(Email);
        client.DefaultRequestHeaders.Add("X-Api-Key", WithStore.OperatorKey);
        foreach (var action in new[] { "refund", "resend-notification", "cancel" })
            await client.PostAsJsonAsync($"/care/orders/{id}/{action}", new { reason = "because" }, TestContext.Current.CancellationToken);
        await service.AppendRawAsync(id, System.Text.Encoding.UTF8.GetBytes($$"""{"id":"9","streamId":"{{id}}","version":9,"type":"OrderPlaced","schema":1,"data":{"email":"{{Email}}","name":17 },"meta":{ } }"""));
        await client.GetAsync($"/care/orders/{id}", key: null);

        await using (var tools = await ToolClient.ConnectAsync(client))
            foreach (var (tool, argument, value) in
                new[] { ("find_orders", "text", Email), ("order_story", "orderId", id), ("refund_order", "orderId", Email) })
                await tools.CallAsync(tool, (argument, value), ("reason", $"{Name} called"));

        log.Lines.ShouldNotBeEmpty();
        string[] secrets = [Email, Name, "1 Main St", WithStore.OperatorKey, WithStore.ReaderKey, WrongKey];
        log.Lines.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
    }
}
