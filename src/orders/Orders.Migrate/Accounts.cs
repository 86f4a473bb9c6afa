using ChangeFeed.Migration;
using Orders.Hosting;

namespace Orders.Migrate;

/// <summary>The accounts that connection strings name.</summary>
internal static class Accounts
{
    private const string Default = "cosmos";

    /// <exception cref="MigrationException">A connection string is none.</exception>
    public static AccountClients Connect()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var strings = configuration.GetSection("ConnectionStrings").GetChildren()
            .Where(given => given.Value is { Length: > 0 })
            .ToDictionary(given => given.Key, given => given.Value!, StringComparer.OrdinalIgnoreCase);
        strings.TryAdd(Default, CosmosSettings.EmbeddedStore);
        // Others are of brokers and the like.
        var stores = strings.Where(s => s.Key == Default || s.Value.Contains("AccountEndpoint", StringComparison.OrdinalIgnoreCase)).ToDictionary();
        foreach (var (name, text) in stores)
        {
            if (CosmosSettings.ConnectionProblem(text) is { } problem)
                throw new MigrationException($"ConnectionStrings:{name} {problem}");
        }

        var options = new CosmosOptions();
        configuration.GetSection(CosmosOptions.Section).Bind(options);
        return new AccountClients(stores.Keys, (name, sessions) => CosmosClientFactory.Create(
            new CosmosOptions { ConnectionString = stores[name], ConnectionMode = options.ConnectionMode }, "migrate", sessions));
    }
}
