namespace ChangeFeed.AppHost.Options;

/// <summary>The command line: every option once, with what it does.</summary>
internal static class Arguments
{
    private static readonly (string Name, string? Value, string Help)[] Options =
    [
        ("Ports:Emulator", "PORT", "port of the embedded store, 8081; 0 for any free port"),
        ("Ports:OrdersApi", "PORT", "port of the orders API, 5101"),
        ("Ports:CustomerCare", "PORT", "port of customer care, 5102"),
        ("Ports:Dashboard", "PORT", "port of the dashboard, 15100"),
        ("Ports:Cache", "PORT", "port of the cache of --sinks cache; any free one"),
        ("topology", "compact", "all workers in one process, which takes a fraction of the memory; distributed, the default, is one process each"),
        ("Replicas:Tax", "N", "processes of this worker, 1"),
        ("Replicas:TaxAudit", "N", "the same for tax audit"),
        ("Replicas:Payment", "N", "the same for payment"),
        ("Replicas:Fulfillment", "N", "the same for fulfillment"),
        ("Replicas:Notification", "N", "the same for notification"),
        ("Replicas:Views", "N", "the same for the views"),
        ("partitions", "N", "physical partitions of a new event container in the embedded store, 1: processes of a worker share them"),
        ("ConnectionStrings:cosmos", "TEXT", "use this Azure Cosmos DB account instead of the embedded store"),
        ("Cosmos:Directory:Entry", "NAME", "let the events follow the migration of this name; an account it names is a connection string of that name"),
        ("ConnectionStrings:cache", "TEXT", "use this Redis for --sinks cache instead of the embedded one"),
        ("ConnectionStrings:archive", "TEXT", "use this storage account for --sinks archive instead of a directory"),
        ("ConnectionStrings:bus", "TEXT", "use this RabbitMQ for --sinks bus, such as amqp://user:password@localhost:5672/, instead of a bus in memory"),
        ("ConnectionStrings:event-hubs", "TEXT", "the Event Hubs namespace of --sinks event-hubs; all leaves that out without it"),
        ("ConnectionStrings:azure-search", "TEXT", "the search service of --sinks azure-search; all leaves that out without it"),
        ("sinks", "LIST", "outside stores to feed from the events: all, none, or some of search,cache,archive,bus,event-hubs,azure-search; none"),
        ("data", "DIR", "where everything is kept, .data in the repository"),
        ("care-key", "KEY", "development API key of both APIs; made anew at every start when not given"),
        ("require-auth", null, "let no call in at either API that has neither a key nor a token, as in production"),
        ("shopper", "RATE", "place believable random orders, such as 5/s or 20/min"),
        ("open-browser", "false", "do not open the dashboard in a browser; it opens from a terminal that has one"),
        ("start-timeout", "SECONDS", "how long everything may take to become healthy, 120"),
        ("help", null, "print this"),
    ];

    public static string Help => string.Join('\n',
    [
        "dotnet run --project ChangeFeed.AppHost -- [options]",
        .. Options.Select(o => $"  {$"--{o.Name} {o.Value}",-32} {o.Help}"),
        "Each is also an environment variable (Ports__OrdersApi) or a setting in appsettings.json of the app host.",
    ]);

    /// <summary>Writes every option as --name=value, which any configuration reads alike.</summary>
    /// <exception cref="SettingException">An option is unknown or its value is missing.</exception>
    public static string[] Normalise(IReadOnlyList<string> args)
    {
        var normalised = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var given = args[i].Split('=', 2);
            var (name, value, _) = Options.FirstOrDefault(o => given[0].Equals($"--{o.Name}", StringComparison.OrdinalIgnoreCase));
            if (name is null)
                throw new SettingException($"'{args[i]}' is not an option of the app host; --help lists them.");
            if (given.Length == 2)
                normalised.Add($"--{name}={given[1]}");
            else if (value is null)
                normalised.Add($"--{name}=true");
            else if (++i < args.Count && !args[i].StartsWith("--", StringComparison.Ordinal))
                normalised.Add($"--{name}={args[i]}");
            else
                throw new SettingException($"--{name} needs a value: --{name} {value}.");
        }

        return [.. normalised];
    }
}
