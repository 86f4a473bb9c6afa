using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orders.Hosting.Moving;

namespace Orders.Hosting;

/// <summary>Which store, and how to reach it. Section <c>Cosmos</c>, and <c>ConnectionStrings:cosmos</c>.</summary>
public sealed class CosmosOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cosmos";

    /// <summary>Name of the account of the order system.</summary>
    public const string HomeAccount = "cosmos";

    /// <summary>
    /// <c>AccountEndpoint=…;AccountKey=…</c>, or only an endpoint: then the identity the process runs under is used
    /// (managed identity in Azure, the developer's login on a laptop).
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The database; created where it is missing.</summary>
    public string Database { get; set; } = "orders";

    /// <summary>Gateway works everywhere; Direct is faster on a real account whose ports 10250 to 20000 can be reached.</summary>
    public ConnectionMode ConnectionMode { get; set; } = ConnectionMode.Gateway;

    /// <summary>
    /// The regions of the account to read in, nearest first, with commas between, such as <c>West Europe,North Europe</c>; empty reads where is
    /// written. Writes go to the write region whatever it says.
    /// </summary>
    public string Regions { get; set; } = "";

    /// <summary><see cref="Regions"/>, one by one.</summary>
    public IReadOnlyList<string> RegionList => Regions.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The directory that says which container has the events, if they follow one.</summary>
    public DirectoryOptions Directory { get; set; } = new();

    /// <summary>
    /// The accounts a migration may name, with what connects to them: each connection string of a store, by its name. That of the order system is
    /// <see cref="HomeAccount"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Accounts { get; set; } = new Dictionary<string, string>();

    /// <summary>Where leases are, if they are not beside the events.</summary>
    public LeaseOptions Leases { get; set; } = new();

    /// <summary>Request units per second of the database, given when it is created; null leaves it to the account (serverless).</summary>
    public int? Throughput { get; set; }

    /// <summary>
    /// How long the views' containers keep all versions and deletes for their change feed, in whole minutes. For the embedded store; null on an
    /// account with continuous backup, which keeps them by itself.
    /// </summary>
    public TimeSpan? VersionRetention { get; set; }

    /// <summary>
    /// Whether a starting service looks if the store is as it needs it, and whether it may do there what it will do. When left out, it does so
    /// outside of development.
    /// </summary>
    public bool? SelfCheck { get; set; }

    /// <summary>How long a starting service waits for a store that does not answer before it gives up.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How another account is reached: as the one of the order system.</summary>
    /// <param name="account">One of <see cref="Accounts"/>.</param>
    public CosmosOptions Of(string account) => new() { ConnectionString = Accounts[account], ConnectionMode = ConnectionMode, Regions = Regions };

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <param name="otherwise">The account of the order system where none is set.</param>
    public void Read(IConfiguration configuration, string otherwise = "")
    {
        configuration.GetSection(Section).Bind(this);
        ConnectionString = configuration.GetConnectionString(HomeAccount) is { Length: > 0 } given ? given : otherwise;
        // Other connection strings are of brokers and the like.
        Accounts = configuration.GetSection("ConnectionStrings").GetChildren()
            .Where(other => other.Value?.Contains("AccountEndpoint", StringComparison.OrdinalIgnoreCase) == true
                && !other.Key.Equals(HomeAccount, StringComparison.OrdinalIgnoreCase))
            .Select(other => KeyValuePair.Create(other.Key, other.Value!))
            .Prepend(KeyValuePair.Create(HomeAccount, ConnectionString))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What is wrong with <see cref="Directory"/>, to be told; null when nothing is.</summary>
    public string? FindDirectoryProblem() => Directory.FindProblem(Accounts.Keys);

    /// <summary>What is wrong with the connection strings of the accounts, to be told; null when nothing is.</summary>
    public string? FindAccountProblem() => Accounts
        .Select(account => CosmosSettings.ConnectionProblem(account.Value) is { } problem ? $"ConnectionStrings:{account.Key} {problem}" : null)
        .FirstOrDefault(problem => problem is not null);
}

/// <summary>
/// Where the leases of change feed endpoints are: in an account near the workers, for example. What is left empty is as with the events. Every
/// service, and customer care, must have the same.
/// </summary>
public sealed class LeaseOptions
{
    /// <summary>The account, as <see cref="CosmosOptions.ConnectionString"/> has it.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The database; created where it is missing.</summary>
    public string Database { get; set; } = "";

    /// <summary>The container; created where it is missing.</summary>
    public string Container { get; set; } = "";

    /// <summary>Whether they are elsewhere than beside the events, under their usual name.</summary>
    public bool AreElsewhere => ConnectionString.Length + Database.Length + Container.Length > 0;
}

/// <summary>Rules that settings of several stores have in common.</summary>
public static class CosmosSettings
{
    /// <summary>
    /// Where the app host runs the embedded store when it is told nothing else, for commands; the key is every emulator's and protects nothing.
    /// </summary>
    public const string EmbeddedStore =
        "AccountEndpoint=http://127.0.0.1:8081/;AccountKey=C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    /// <summary>Null where the text says where a store is; otherwise what is wrong with it, to follow the name of the setting.</summary>
    public static string? ConnectionProblem(string text) => CosmosConnection.TryParse(text, out _, out var problem) ? null : problem;

    /// <summary>Null where the text can be the name of a database; otherwise what is wrong with it, to follow the name of the setting.</summary>
    public static string? DatabaseProblem(string text) =>
        string.IsNullOrWhiteSpace(text) || text.IndexOfAny(['/', '\\', '?', '#']) >= 0 ? "must be a name without / \\ ? and #." : null;
}

internal sealed class CosmosOptionsSetup(IConfiguration configuration) : IConfigureOptions<CosmosOptions>, IValidateOptions<CosmosOptions>
{
    public void Configure(CosmosOptions options) => options.Read(configuration);

    public ValidateOptionsResult Validate(string? name, CosmosOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            return ValidateOptionsResult.Fail(
                "ConnectionStrings:cosmos is not set. Start everything with 'dotnet run --project ChangeFeed.AppHost', or set it to "
                + "'AccountEndpoint=https://ACCOUNT.documents.azure.com:443/;AccountKey=KEY', or to the endpoint alone for a managed identity.");
        if (CosmosSettings.ConnectionProblem(options.ConnectionString) is { } problem)
            return ValidateOptionsResult.Fail($"ConnectionStrings:cosmos {problem}");
        if (CosmosSettings.DatabaseProblem(options.Database) is { } database)
            return ValidateOptionsResult.Fail($"Cosmos:Database {database}");
        if (options.Regions.Length > 0 && (options.Regions.Split(',').Any(string.IsNullOrWhiteSpace)
            || options.RegionList.Distinct(StringComparer.OrdinalIgnoreCase).Count() != options.RegionList.Count))
            return ValidateOptionsResult.Fail(
                "Cosmos:Regions must be different names of regions with commas between, for example 'West Europe,North Europe', or absent.");
        if (options.Leases.ConnectionString.Length > 0 && CosmosSettings.ConnectionProblem(options.Leases.ConnectionString) is { } account)
            return ValidateOptionsResult.Fail($"Cosmos:Leases:ConnectionString {account}");
        if (options.Leases.Database.Length > 0 && CosmosSettings.DatabaseProblem(options.Leases.Database) is { } leases)
            return ValidateOptionsResult.Fail($"Cosmos:Leases:Database {leases}");
        if (options.Leases.Container.Length > 0 && CosmosSettings.DatabaseProblem(options.Leases.Container) is { } container)
            return ValidateOptionsResult.Fail($"Cosmos:Leases:Container {container}");
        if (options.Directory.IsFollowed && options.FindAccountProblem() is { } others)
            return ValidateOptionsResult.Fail(others);
        if (options.FindDirectoryProblem() is { } directory)
            return ValidateOptionsResult.Fail(directory);
        if (options.Throughput is < 400)
            return ValidateOptionsResult.Fail("Cosmos:Throughput must be at least 400 request units per second, or absent.");
        if (options.VersionRetention is { } retention && (retention < TimeSpan.FromMinutes(1) || retention.Ticks % TimeSpan.TicksPerMinute != 0))
            return ValidateOptionsResult.Fail("Cosmos:VersionRetention must be whole minutes, at least one, for example 00:10:00, or absent.");
        return options.StartTimeout > TimeSpan.Zero
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Cosmos:StartTimeout must be longer than zero, for example 00:01:00.");
    }
}
