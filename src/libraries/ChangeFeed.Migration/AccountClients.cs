using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration;

/// <summary>The accounts a process knows, by the names it calls them, with a client each.</summary>
public sealed class AccountClients : IDisposable
{
    private readonly Dictionary<string, (CosmosClient Client, SessionRecorder Sessions)> _accounts = [];

    /// <summary>Connects to accounts when they are first used.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="connect">Makes the client of one, with a handler that must be one of its <see cref="CosmosClientOptions.CustomHandlers"/>.</param>
    public AccountClients(IEnumerable<string> names, Func<string, RequestHandler, CosmosClient> connect)
    {
        foreach (var name in names)
        {
            var sessions = new SessionRecorder();
            _accounts[name] = (connect(name, sessions), sessions);
        }
    }

    /// <summary>The container at a place.</summary>
    /// <param name="location">The place.</param>
    /// <exception cref="MigrationException">The account is not known here.</exception>
    public Container Container(ContainerLocation location) => Database(location).GetContainer(location.Container);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (client, _) in _accounts.Values)
            client.Dispose();
    }

    internal Database Database(ContainerLocation location) => Find(location).Client.GetDatabase(location.Database);

    internal CosmosClient Client(ContainerLocation location) => Find(location).Client;

    internal string? SessionOf(ContainerLocation location) => Find(location).Sessions.Of(location);

    private (CosmosClient Client, SessionRecorder Sessions) Find(ContainerLocation location) => _accounts.TryGetValue(location.Account, out var account)
        ? account
        : throw new MigrationException(
            $"There is no account '{location.Account}' here; set ConnectionStrings__{location.Account}. Known: {string.Join(", ", _accounts.Keys.Order())}.");
}
