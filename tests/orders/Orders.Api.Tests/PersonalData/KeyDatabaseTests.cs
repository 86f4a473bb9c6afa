extern alias emulator;
using System.Net;
using emulator::ChangeFeed.Emulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orders.Hosting;
using Orders.PersonalData;

namespace Orders.Api.Tests.PersonalData;

public sealed class KeyDatabaseTests(WithStore service) : IClassFixture<WithStore>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_can_be_in_an_account_and_a_database_of_their_own()
    {
        await using var account = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true }, Stop);
        await using var apart = service.WithWebHostBuilder(builder => builder
            .UseSetting("Cosmos:Database", "apart")
            .UseSetting("ConnectionStrings:customer-keys", account.ConnectionString)
            .UseSetting("PersonalData:Database", "keys"));

        (await apart.CreateClient().PostAsync("/orders", Bodies.Order().ToJsonString())).EnsureSuccessStatusCode();

        (await apart.Services.GetRequiredService<ICustomerKeys>().FindAsync("c-1001", Stop)).ShouldNotBeNull();
        using var keys = new CosmosClient(account.ConnectionString, new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway });
        (await keys.GetContainer("keys", "customer-keys").GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c WHERE STARTSWITH(c.id, 'key:')")
            .ReadNextAsync(Stop)).Sum().ShouldBe(1);
        using var beside = await apart.Services.GetRequiredService<OrdersDatabase>().Get(PersonalDataContainers.CustomerKeys)
            .ReadContainerStreamAsync(cancellationToken: Stop);
        beside.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("ConnectionStrings:customer-keys", "AccountKey=x", "ConnectionStrings:customer-keys has no AccountEndpoint that is an http or https address.")]
    [InlineData("PersonalData:Database", "a/b", @"PersonalData:Database must be a name without / \ ? and #.")]
    public void A_wrong_setting_is_named(string setting, string value, string message)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(setting, (string?)value)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddPersonalData().BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<PersonalDataOptions>>().Value).Message.ShouldBe(message);
    }
}
