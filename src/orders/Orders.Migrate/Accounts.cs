using ChangeFeed.Migration;
using Orders.Hosting;

namespace Orders.Migrate;

/// <summary>The accounts that connection strings name.</summary>
internal static class Accounts
{
    /// <exception cref="MigrationException">A connection string is none.</exception>
    public static AccountClients Connect()
    {
        var options = new CosmosOptions();
        options.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build(), CosmosSettings.EmbeddedStore);
        if (options.FindAccountProblem() is { } problem)
            throw new MigrationException(problem);
        return new AccountClients(options.Accounts.Keys, (name, sessions) => CosmosClientFactory.Create(options.Of(name), "migrate", sessions));
    }
}
