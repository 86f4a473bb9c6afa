using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Api.Tests.ReferenceData;

public sealed class ReferenceDataTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();
    private readonly string _customer = $"/customers/c-{Guid.NewGuid():N}";
    private readonly string _product = $"/products/P-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_for_more_changes_than_an_address_may_is_told_when_to_come_again()
    {
        await using var frugal = service.WithWebHostBuilder(host => host
            .UseSetting("OrdersApi:ReferenceWrites:PerSecond", "1").UseSetting("OrdersApi:ReferenceWrites:Burst", "3"));
        var client = frugal.CreateClient();

        var answers = new List<HttpResponseMessage>();
        for (var n = 0; n < 20; n++)
            answers.Add(await client.DeleteAsync($"/customers/limited-{n}", TestContext.Current.CancellationToken));

        answers.Take(3).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Accepted);
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.Accepted);
        (await refused.ProblemAsync(429))["detail"]!.GetValue<string>().ShouldStartWith("These are more requests than this caller may send.");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await client.GetAsync("/customers/limited-0", TestContext.Current.CancellationToken)).StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_customer_is_made_known_and_read_again()
    {
        var created = await PutAsync(_customer, """{"name":"Ada Lovelace","email":"ada@example.org"}""");

        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.ToString().ShouldBe(_customer);
        var read = await _client.GetAsync(_customer, Stop);
        read.Headers.ETag.ShouldBe(created.Headers.ETag);
        var customer = await read.JsonAsync();
        customer["name"]!.GetValue<string>().ShouldBe("Ada Lovelace");
        customer["version"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task A_customer_without_an_address_is_read_and_changed_like_any_other()
    {
        await PutAsync(_customer, """{"name":"Ada"}""");

        (await (await _client.GetAsync(_customer, Stop)).JsonAsync()).ContainsKey("email").ShouldBeFalse();
        (await (await PutAsync(_customer, """{"name":"Ada","email":"ada@example.org"}""")).JsonAsync())["version"]!.GetValue<long>().ShouldBe(2);
    }

    [Fact]
    public async Task Every_change_is_a_version_and_the_same_again_is_none()
    {
        await PutAsync(_product, """{"name":"Keyboard"}""");
        var changed = await PutAsync(_product, """{"name":"Keyboard, quiet"}""");
        var again = await PutAsync(_product, """{"name":"Keyboard, quiet"}""");

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await changed.JsonAsync())["version"]!.GetValue<long>().ShouldBe(2);
        (await again.JsonAsync())["version"]!.GetValue<long>().ShouldBe(2);
        again.Headers.ETag.ShouldBe(changed.Headers.ETag);
    }

    [Fact]
    public async Task Who_says_what_he_has_read_overwrites_nothing_else()
    {
        var first = await PutAsync(_product, """{"name":"Keyboard"}""");
        await PutAsync(_product, """{"name":"Keyboard 2"}""");

        await (await PutAsync(_product, """{"name":"Keyboard 3"}""", first.Headers.ETag)).ProblemAsync(412);
        await (await PutAsync(_product + "x", """{"name":"Keyboard 3"}""", EntityTagHeaderValue.Any)).ProblemAsync(412);
        (await (await _client.GetAsync(_product, Stop)).JsonAsync())["name"]!.GetValue<string>().ShouldBe("Keyboard 2");
    }

    [Fact]
    public async Task Of_many_writers_at_once_each_makes_one_version()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => PutAsync(_product, $$"""{"name":"Keyboard {{i}}"}""")));

        (await (await _client.GetAsync(_product, Stop)).JsonAsync())["version"]!.GetValue<long>().ShouldBe(8);
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"Ada","email":"nowhere"}""", "email")]
    [InlineData("""{"name":"Ada","phone":"1"}""", "phone")]
    public async Task What_is_wrong_is_named_and_nothing_is_stored(string body, string field)
    {
        (await (await PutAsync(_customer, body)).ProblemAsync(400)).Fields().ShouldBe([field]);
        await (await _client.GetAsync(_customer, Stop)).ProblemAsync(404);
    }

    [Fact]
    public async Task How_far_a_name_has_come_is_told_for_the_version_there_is()
    {
        await (await _client.GetAsync(_product + "/renaming", Stop)).ProblemAsync(404);
        await PutAsync(_product, """{"name":"Keyboard"}""");
        (await StateAsync()).ShouldBe((1, "Waiting", 0));

        var name = new ReferenceName(ReferenceKind.Product, _product["/products/".Length..], "Keyboard", 1);
        var renaming = RenamingDocument.Begin(name, [new("order-status", 1)], 7, DateTimeOffset.UtcNow).AfterPage(4, "on", DateTimeOffset.UtcNow);
        await service.Services.GetRequiredService<OrdersDatabase>().Views.CreateItemAsync(renaming, new(renaming.Partition), cancellationToken: Stop);
        (await StateAsync()).ShouldBe((1, "Running", 4));

        await PutAsync(_product, """{"name":"Keyboard, quiet"}""");
        (await StateAsync()).ShouldBe((2, "Waiting", 0));

        async Task<(long Version, string State, long Done)> StateAsync()
        {
            var told = await (await _client.GetAsync(_product + "/renaming", Stop)).JsonAsync();
            return (told["version"]!.GetValue<long>(), told["state"]!.GetValue<string>(), told["done"]!.GetValue<long>());
        }
    }

    [Fact]
    public async Task An_id_that_cannot_be_one_is_refused() =>
        (await (await PutAsync("/products/a%20b", """{"name":"Keyboard"}""")).ProblemAsync(400)).Fields().ShouldBe(["id"]);

    private async Task<HttpResponseMessage> PutAsync(string path, string body, EntityTagHeaderValue? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(ifMatch);
        return await _client.SendAsync(request, Stop);
    }
}
