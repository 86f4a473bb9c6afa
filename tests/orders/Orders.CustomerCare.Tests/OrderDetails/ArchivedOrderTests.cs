using Orders.Contracts;

namespace Orders.CustomerCare.Tests.OrderDetails;

/// <summary>Orders that have left the event store are shown like others, with a mark.</summary>
public sealed class ArchivedOrderTests : IAsyncLifetime
{
    private static readonly CustomerNotified Told = new(NoticeKind.Shipped, "email", "sealed1.x", "On its way", "shipped-1@example.org");

    private readonly TemporaryDirectory _directory = new();
    private readonly WithStore _service = new();
    private readonly ColdOrders _cold;

    public ArchivedOrderTests()
    {
        _service.Settings["Sinks:Archive:Directory"] = _directory.Path;
        _cold = new ColdOrders(_directory.Path);
    }

    public async ValueTask InitializeAsync() => await ((IAsyncLifetime)_service).InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_order_in_the_archive_is_shown_with_a_mark()
    {
        var client = _service.Client(WithStore.OperatorKey);
        var order = await _service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid, Given.Shipped, Told);
        (await GetAsync(client, order))["archived"].ShouldBeNull();
        await _cold.ArchiveAsync(_service.Database);
        (await _cold.CoolAsync(_service.Database)).Streams.ShouldBe(1);

        (await GetAsync(client, order)).ShouldSatisfyAllConditions(
            o => o["archived"]!.GetValue<bool>().ShouldBeTrue(), o => o["status"]!.GetValue<string>().ShouldBe("Completed"),
            o => o["version"]!.GetValue<long>().ShouldBe(4));
        (await GetAsync(client, order, "/at?version=1"))["status"]!.GetValue<string>().ShouldBe("Taxed");
        var events = (await GetAsync(client, order, "/events")).AsArray();
        events.Select(e => e!["version"]!.GetValue<long>()).ShouldBe([0L, 1, 2, 3, 4]);
        events.ShouldAllBe(e => e!["archived"]!.GetValue<bool>());
        (await (await _service.CreateClient().GetAsync($"/orders/{order}", TestContext.Current.CancellationToken)).Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("In the archive");

        (await _cold.RestoreAsync(_service.Database, order)).ShouldBe(5);
        (await GetAsync(client, order))["archived"].ShouldBeNull();
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> GetAsync(HttpClient client, string order, string path = "") =>
        await (await client.GetAsync($"/care/orders/{order}{path}", key: null)).JsonAsync();
}
