using System.Net;
using Microsoft.AspNetCore.Hosting;

namespace Orders.Api.Tests.Access;

/// <summary>A page of another site whose name leads to this machine is not answered (DNS rebinding).</summary>
public sealed class HostNameTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    [Theory]
    [InlineData("Development", null, null, "localhost", true)]
    [InlineData("Development", null, null, "127.0.0.1:5101", true)]
    [InlineData("Development", null, null, "[::1]:5101", true)]
    [InlineData("Development", null, null, "evil.example", false)]
    [InlineData("Development", "http://0.0.0.0:5101", null, "evil.example", false)]
    [InlineData("Production", "http://127.0.0.1:5101", null, "evil.example", false)]
    [InlineData("Production", "http://127.0.0.1:5101;http://*:5102", null, "shop.example", true)]
    [InlineData("Production", "http://0.0.0.0:5101", "shop.example", "evil.example", false)]
    [InlineData("Production", "http://0.0.0.0:5101", "shop.example", "shop.example", true)]
    [InlineData("Development", null, "shop.example", "shop.example", true)]
    public async Task Only_the_names_of_this_machine_are_answered_to_unless_a_setting_says_otherwise(
        string environment, string? urls, string? allowed, string host, bool answered)
    {
        await using var here = service.WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("OrdersApi:Key", "a-long-random-operator-key");
            if (urls is not null)
                builder.UseSetting("urls", urls);
            if (allowed is not null)
                builder.UseSetting("AllowedHosts", allowed);
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/alive") { Headers = { Host = host } };

        var response = await here.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(answered ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }
}
