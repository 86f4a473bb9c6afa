using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orders.Hosting;

namespace Orders.PersonalData;

/// <summary>Where the keys of customers are. Section <c>PersonalData</c>, and <c>ConnectionStrings:customer-keys</c>.</summary>
public sealed class PersonalDataOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "PersonalData";

    /// <summary>An account of their own, as <c>ConnectionStrings:cosmos</c> is written; empty for the account of everything else.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>A database of their own; empty for one of the name that everything else has.</summary>
    public string Database { get; set; } = "";
}

internal sealed class PersonalDataOptionsSetup(IConfiguration configuration) : IConfigureOptions<PersonalDataOptions>, IValidateOptions<PersonalDataOptions>
{
    public void Configure(PersonalDataOptions options)
    {
        configuration.GetSection(PersonalDataOptions.Section).Bind(options);
        options.ConnectionString = configuration.GetConnectionString(KeyDatabase.ConnectionName) ?? "";
    }

    public ValidateOptionsResult Validate(string? name, PersonalDataOptions options)
    {
        if (options.ConnectionString.Length > 0 && CosmosSettings.ConnectionProblem(options.ConnectionString) is { } connection)
            return ValidateOptionsResult.Fail($"ConnectionStrings:{KeyDatabase.ConnectionName} {connection}");
        return options.Database.Length > 0 && CosmosSettings.DatabaseProblem(options.Database) is { } database
            ? ValidateOptionsResult.Fail($"PersonalData:Database {database}")
            : ValidateOptionsResult.Success;
    }
}

/// <summary>
/// The database of the keys. Whoever has the events and not this one reads nothing personal: so it can be in a database or an account of its
/// own, with other people who may read it and backups that are kept shorter.
/// </summary>
public sealed class KeyDatabase : IPreparedDatabase, IDisposable
{
    internal const string ConnectionName = "customer-keys";

    private readonly CosmosClient? _ownAccount;
    private readonly OrdersDatabase _database;

    /// <summary>The database the settings name.</summary>
    public KeyDatabase(CosmosClient account, IOptions<CosmosOptions> cosmos, IOptions<PersonalDataOptions> options)
    {
        var (here, there) = (cosmos.Value, options.Value);
        var settings = new CosmosOptions
        {
            ConnectionString = there.ConnectionString.Length > 0 ? there.ConnectionString : here.ConnectionString,
            Database = there.Database.Length > 0 ? there.Database : here.Database,
            ConnectionMode = here.ConnectionMode,
            Regions = here.Regions,
            Throughput = here.Throughput,
        };
        Setting = there.ConnectionString.Length > 0 ? $"ConnectionStrings:{ConnectionName}" : "ConnectionStrings:cosmos";
        _ownAccount = there.ConnectionString.Length > 0 ? CosmosClientFactory.Create(settings, account.ClientOptions.ApplicationName) : null;
        _database = new OrdersDatabase(_ownAccount ?? account, Options.Create(settings), PersonalDataContainers.All);
    }

    /// <summary>The container of the keys.</summary>
    public Container Keys => Get(PersonalDataContainers.CustomerKeys);

    /// <summary>One of <see cref="PersonalDataContainers.All"/>.</summary>
    public Container Get(ContainerDefinition definition) => _database.Get(definition);

    /// <inheritdoc/>
    public string Name => _database.Name;

    /// <inheritdoc/>
    public string Setting { get; }

    /// <inheritdoc/>
    public Task CreateAsync(CancellationToken cancellationToken) => _database.CreateAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindProblemAsync(CancellationToken cancellationToken) => _database.FindProblemAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _ownAccount?.Dispose();
}
