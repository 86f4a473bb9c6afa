using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;

namespace Orders.Api.Tests.PersonalData;

public sealed class ErasureTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();
    private readonly string _customer = $"c-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OrdersDatabase Database => service.Services.GetRequiredService<OrdersDatabase>();

    private KeyDatabase Keys => service.Services.GetRequiredService<KeyDatabase>();

    [Fact]
    public async Task Nothing_personal_of_an_order_is_stored_readably()
    {
        var id = await PlaceAsync();

        using var stored = await Database.Events.ReadItemStreamAsync("0", new PartitionKey(id), cancellationToken: Stop);
        var text = await new StreamReader(stored.Content).ReadToEndAsync(Stop);
        foreach (var personal in new[] { "ada@example.org", "Lovelace", "Main St", "2nd floor", "Seattle", "98101" })
            text.ShouldNotContain(personal);
        text.ShouldContain("\"region\":\"WA\"");
        var placed = (OrderPlaced)(await service.Events.ReadEventAsync(id, 0, Stop))!.Data;
        (await service.Services.GetRequiredService<PersonalDataProtector>().RevealAsync(placed, Stop))
            .ShouldSatisfyAllConditions(p => p.Email.ShouldBe("ada@example.org"), p => p.ShipTo.Line2.ShouldBe("2nd floor"));
    }

    [Fact]
    public async Task What_was_sealed_is_unreadable_once_the_key_is_dropped_and_reads_as_erased()
    {
        var id = await PlaceAsync();
        await new CustomerKeys(Keys, new AddressIndex(Keys), TimeProvider.System).DropAsync(_customer, Stop);

        var other = new PersonalDataProtector(new CustomerKeys(Keys, new AddressIndex(Keys), TimeProvider.System));
        var revealed = await other.RevealAsync((OrderPlaced)(await service.Events.ReadEventAsync(id, 0, Stop))!.Data, Stop);

        revealed.IsErased().ShouldBeTrue();
        revealed.ShipTo.ShouldBe(new Address("erased", "erased", "erased", "erased", "US", "erased", "WA"));
    }

    [Fact]
    public async Task Many_at_once_seal_with_one_key()
    {
        var keys = await Task.WhenAll(
            Enumerable.Range(0, 16)
            .Select(_ => new CustomerKeys(Keys, new AddressIndex(Keys), TimeProvider.System).GetOrCreateAsync(_customer, "ada@example.org", Stop)));

        keys.DistinctBy(Convert.ToHexString).ShouldHaveSingleItem().Length.ShouldBe(SealedText.KeySize);
    }

    [Fact]
    public async Task Customers_are_found_by_an_address_until_they_are_erased()
    {
        var book = new AddressIndex(Keys);
        var keys = new CustomerKeys(Keys, book, TimeProvider.System);
        var (mail, other) = ($"{_customer}@example.org", $"{_customer}-2");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => keys.GetOrCreateAsync(i % 2 == 0 ? _customer : other, mail, Stop)));
        await keys.GetOrCreateAsync(_customer, $"second-{mail}", Stop);

        (await book.FindAsync(mail.ToUpperInvariant(), null, 100, Stop)).ShouldBe([_customer, other], ignoreOrder: true);
        (await book.FindAsync($"second-{mail}", null, 100, Stop)).ShouldBe([_customer]);
        (await book.FindAsync("nobody@example.org", null, 100, Stop)).ShouldBeEmpty();

        await keys.DropAsync(_customer, Stop);
        await keys.DropAsync(_customer, Stop);

        (await book.FindAsync(mail, null, 100, Stop)).ShouldBe([other]);
        (await book.FindAsync($"second-{mail}", null, 100, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task However_many_share_an_address_and_however_many_addresses_one_has_no_document_grows_and_all_are_forgotten()
    {
        var book = new AddressIndex(Keys);
        var keys = new CustomerKeys(Keys, book, TimeProvider.System);
        var shared = $"all-{_customer}@example.org";
        await Parallel.ForAsync(0, 60, Stop, async (n, stop) => await keys.GetOrCreateAsync($"{_customer}-{n:00}", shared, stop));
        await Parallel.ForAsync(0, 120, Stop, async (n, stop) => await keys.GetOrCreateAsync(_customer, $"{n}-{_customer}@example.org", stop));

        var first = await book.FindAsync(shared, null, 25, Stop);
        first.ShouldBe(Enumerable.Range(0, 25).Select(n => $"{_customer}-{n:00}"));
        (await book.FindAsync(shared, first[^1], 100, Stop)).ShouldBe(Enumerable.Range(25, 35).Select(n => $"{_customer}-{n:00}"));
        foreach (var container in new[] { PersonalDataContainers.CustomerKeys, PersonalDataContainers.CustomerAddresses })
            (await Database.Get(container).QueryAsync(new QueryDefinition("SELECT * FROM c"), d => d.GetRawText().Length, cancellationToken: Stop)).Max()
                .ShouldBeLessThan(1_000);

        await keys.DropAsync(_customer, Stop);

        (await book.FindAsync($"77-{_customer}@example.org", null, 25, Stop)).ShouldBeEmpty();
        var left = await Database.Get(PersonalDataContainers.CustomerAddresses).QueryAsync(
            new QueryDefinition("SELECT VALUE [c.id, c.key] FROM c"), d => (d[0].GetString(), d[1].GetString()), cancellationToken: Stop);
        left.ShouldAllBe(use => use.Item1 != _customer && use.Item2 != $"customer:{_customer}");
    }

    [Fact]
    public async Task What_was_kept_of_addresses_before_is_found_and_forgotten()
    {
        var book = new AddressIndex(Keys);
        var keys = new CustomerKeys(Keys, book, TimeProvider.System);
        var mail = $"{_customer}@example.org";
        await keys.GetOrCreateAsync(_customer, mail, Stop);
        var name = (await Database.Get(PersonalDataContainers.CustomerAddresses).QueryAsync(
            new QueryDefinition("SELECT * FROM c"), d => d.GetProperty("id").GetString()!,
            new QueryRequestOptions { PartitionKey = new PartitionKey($"customer:{_customer}") }, Stop)).Single();
        var old = Database.Get(PersonalDataContainers.CustomerKeys);
        await old.UpsertItemAsync(new { id = name, customers = new[] { _customer, "somebody-else" } }, new PartitionKey(name), cancellationToken: Stop);
        await old.PatchItemAsync<object>(
            $"key:{_customer}", new PartitionKey($"key:{_customer}"), [PatchOperation.Set("/addresses", new[] { name })], cancellationToken: Stop);

        (await book.FindAsync(mail, null, 25, Stop)).ShouldBe([_customer, "somebody-else"], ignoreOrder: true);
        await keys.DropAsync(_customer, Stop);

        (await book.FindAsync(mail, null, 25, Stop)).ShouldBe(["somebody-else"]);
    }

    [Fact]
    public async Task An_erasure_is_asked_for_once_however_often_and_seen_to_be_under_way()
    {
        await (await _client.GetAsync($"/customers/{_customer}/erasure", Stop)).ProblemAsync(404);

        var first = await _client.DeleteAsync($"/customers/{_customer}", Stop);
        var again = await _client.DeleteAsync($"/customers/{_customer}", Stop);

        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        first.Headers.Location!.ToString().ShouldBe($"/customers/{_customer}/erasure");
        var asked = await first.JsonAsync();
        (await again.JsonAsync()).ToJsonString().ShouldBe(asked.ToJsonString());
        (await (await _client.GetAsync(first.Headers.Location, Stop)).JsonAsync()).ToJsonString().ShouldBe(asked.ToJsonString());
        var customer = await (await _client.GetAsync($"/customers/{_customer}", Stop)).JsonAsync();
        (customer["name"]!.GetValue<string>(), customer["erasedAt"]!.ToJsonString()).ShouldBe(("erased", asked["requestedAt"]!.ToJsonString()));
    }

    [Fact]
    public async Task What_the_views_have_done_is_told()
    {
        var requested = await (await _client.DeleteAsync($"/customers/{_customer}", Stop)).JsonAsync();
        var at = DateTimeOffset.UnixEpoch;
        await WriteAsync(new ErasureDocument(ErasureDocument.Document, _customer, at, at, 3, at.AddSeconds(1)), ReadModelsJson.Default.ErasureDocument);
        await WriteAsync(
            new DeletionDocument($"{DeletionDocument.IdPrefix}order-status:1", _customer, "order-status", "1", 4, at, at),
            ReadModelsJson.Default.DeletionDocument);

        var erasure = await (await _client.GetAsync($"/customers/{_customer}/erasure", Stop)).JsonAsync();

        erasure["requestedAt"]!.ToJsonString().ShouldBe(requested["requestedAt"]!.ToJsonString());
        (erasure["orders"]!.GetValue<int>(), erasure["documentsDeleted"]!.GetValue<int>(), erasure["doneAt"]!.GetValue<DateTimeOffset>())
            .ShouldBe((3, 1, at.AddSeconds(1)));
    }

    [Fact]
    public async Task Nothing_is_stored_of_an_erased_customer()
    {
        await new CustomerKeys(Keys, new AddressIndex(Keys), TimeProvider.System).DropAsync(_customer, Stop);
        await _client.DeleteAsync($"/customers/{_customer}", Stop);

        var order = await _client.PostAsync("/orders", Bodies.With("customerId", $"\"{_customer}\"").ToJsonString());
        (await order.ProblemAsync(409))["detail"]!.GetValue<string>().ShouldContain("erased");
        await (await _client.PutAsync($"/customers/{_customer}", new StringContent("""{"name":"Ada"}""", null, "application/json"), Stop)).ProblemAsync(409);
    }

    [Fact]
    public async Task A_bad_id_is_refused() =>
        (await (await _client.DeleteAsync($"/customers/{new string('x', 65)}", Stop)).ProblemAsync(400)).Fields().ShouldBe(["id"]);

    private async Task<string> PlaceAsync()
    {
        var order = Bodies.With("shipTo.line2", "\"2nd floor\"");
        order["customerId"] = _customer;
        return (await (await _client.PostAsync("/orders", order.ToJsonString())).JsonAsync())["orderId"]!.GetValue<string>();
    }

    private async Task WriteAsync<T>(T document, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, json));
        (await Database.Get(ErasureContainers.Erasures).UpsertItemStreamAsync(body, new PartitionKey(_customer), cancellationToken: Stop))
            .EnsureSuccessStatusCode();
    }
}
