using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Orders.Hosting;

/// <summary>Which store, and how to reach it. Section <c>Cosmos</c>, and <c>ConnectionStrings:cosmos</c>.</summary>
public sealed class CosmosOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cosmos";

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
    public void Configure(CosmosOptions options)
    {
        configuration.GetSection(CosmosOptions.Section).Bind(options);
        options.ConnectionString = configuration.GetConnectionString("cosmos") ?? "";
    }

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
        if (options.Throughput is < 400)
            return ValidateOptionsResult.Fail("Cosmos:Throughput must be at least 400 request units per second, or absent.");
        if (options.VersionRetention is { } retention && (retention < TimeSpan.FromMinutes(1) || retention.Ticks % TimeSpan.TicksPerMinute != 0))
            return ValidateOptionsResult.Fail("Cosmos:VersionRetention must be whole minutes, at least one, for example 00:10:00, or absent.");
        return options.StartTimeout > TimeSpan.Zero
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Cosmos:StartTimeout must be longer than zero, for example 00:01:00.");
    }
}
