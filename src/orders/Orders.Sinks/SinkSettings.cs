using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChangeFeed.Sinks;
using Orders.Archive;
using Orders.AzureSearch;
using Orders.Cache;
using Orders.Outward;

namespace Orders.Sinks;

/// <summary>Which sinks run, and where they write. Section <c>Sinks</c>.</summary>
internal sealed record SinkSettings
{
    /// <summary>Every sink there is.</summary>
    public static IReadOnlyList<string> Known { get; } = [Search, Cache, ArchiveName, Bus, EventHubs, AzureSearch];

    /// <summary>Those that need nothing that has to be bought.</summary>
    private static IReadOnlyList<string> WithoutAnAccount { get; } = [Search, Cache, ArchiveName, Bus];

    public const string Search = "search";
    public const string Cache = "cache";
    public const string ArchiveName = "archive";
    public const string Bus = "bus";
    public const string EventHubs = "event-hubs";
    public const string AzureSearch = "azure-search";

    // Each batch is a file and a commit, for readers a cost each: larger ones, later.
    private static SinkOptions ArchiveWriting =>
        new() { BatchSize = 500, BatchDelay = TimeSpan.FromSeconds(1), WriteTimeout = TimeSpan.FromSeconds(30) };

    /// <summary>Those that run.</summary>
    public required IReadOnlyList<string> Enabled { get; init; }

    /// <summary>The search index.</summary>
    public required SinkSetting SearchIndex { get; init; }

    /// <summary>The cache.</summary>
    public required SinkSetting OrderCache { get; init; }

    /// <summary>The archive.</summary>
    public required SinkSetting Archive { get; init; }

    /// <summary>Where the archive is.</summary>
    public required ArchiveLocation ArchiveLocation { get; init; }

    /// <summary>The outward bus.</summary>
    public required SinkSetting OutwardBus { get; init; }

    /// <summary>The event hub.</summary>
    public required SinkSetting OutwardHub { get; init; }

    /// <summary>Which event hub others are told by.</summary>
    public required EventHubsOptions HubOptions { get; init; }

    /// <summary>The index of the search service.</summary>
    public required SinkSetting ServiceIndex { get; init; }

    /// <summary>Which search service others search.</summary>
    public required AzureSearchOptions ServiceOptions { get; init; }

    /// <summary>Which bus others are told by.</summary>
    public required BusOptions BusOptions { get; init; }

    /// <summary>The port on which this process is the cache itself; 0 where <c>ConnectionStrings:cache</c> says where one is.</summary>
    public required int CachePort { get; init; }

    /// <summary>Reads the settings, and says what is wrong with them in a sentence each.</summary>
    public static bool TryRead(
        IConfiguration configuration, [NotNullWhen(true)] out SinkSettings? settings, [NotNullWhen(false)] out IReadOnlyList<string>? problems)
    {
        var wrong = new List<string>();
        var enabled = List(configuration["Sinks:Enabled"] ?? string.Join(',', WithoutAnAccount));
        if (enabled.Count == 0)
            wrong.Add($"Sinks:Enabled names no sink: it must be one or more of {string.Join(", ", Known)}, with commas between them.");
        wrong.AddRange(enabled.Except(Known).Select(
            name => $"Sinks:Enabled names '{name}', which is no sink: there are {string.Join(", ", Known)}."));
        var read = new SinkSettings
        {
            Enabled = enabled,
            SearchIndex = Read("Sinks:Search"),
            OrderCache = Read("Sinks:Cache"),
            Archive = Read("Sinks:Archive", ArchiveWriting),
            ArchiveLocation = ArchiveLocation.Read(configuration),
            OutwardBus = Read("Sinks:Bus"),
            BusOptions = ReadBus(),
            OutwardHub = Read("Sinks:EventHubs"),
            HubOptions = ReadHub(),
            ServiceIndex = Read("Sinks:AzureSearch"),
            ServiceOptions = ReadService(),
            CachePort = int.TryParse(configuration["Sinks:Cache:Port"] ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
                ? port
                : Wrong($"Sinks:Cache:Port is '{configuration["Sinks:Cache:Port"]}'; it must be a port, or 0 for a server that runs elsewhere.", 0),
        };
        if (enabled.Contains(Search) && read.SearchIndex.Directory.Length == 0)
            wrong.Add("Sinks:Search:Directory is not set: it must be the directory of the search index.");
        if (enabled.Contains(Cache) && read.CachePort == 0 && string.IsNullOrWhiteSpace(configuration.GetConnectionString(CacheOptions.ConnectionName)))
            wrong.Add("ConnectionStrings:cache is not set: it must be the address of a cache, such as 'localhost:6379'; or set Sinks:Cache:Port to run one here.");
        if (enabled.Contains(Cache) && read.CachePort > 0 && read.OrderCache.Directory.Length == 0)
            wrong.Add("Sinks:Cache:Directory is not set: it must be the directory in which the cache of Sinks:Cache:Port keeps its log.");
        if (enabled.Contains(ArchiveName))
            wrong.AddRange(read.ArchiveLocation.Validate());
        if (enabled.Contains(Bus))
            wrong.AddRange(read.BusOptions.Validate());
        if (enabled.Contains(EventHubs))
            wrong.AddRange(read.HubOptions.Validate());
        if (enabled.Contains(AzureSearch))
            wrong.AddRange(read.ServiceOptions.Validate());
        settings = wrong.Count == 0 ? read : null;
        problems = wrong.Count == 0 ? null : wrong;
        return settings is not null;

        SinkSetting Read(string section, SinkOptions? writing = null)
        {
            var options = writing ?? new SinkOptions();
            try
            {
                configuration.GetSection($"{section}:Writing").Bind(options);
            }
            catch (InvalidOperationException e)
            {
                wrong.Add(e.Message);
            }

            wrong.AddRange(options.Validate($"{section}:Writing"));
            var generations = List(configuration[$"{section}:Generations"] ?? "1")
                .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToList();
            if (generations.Count == 0 || generations.Contains(0))
                Wrong(
                    $"{section}:Generations is '{configuration[$"{section}:Generations"]}'; it must be numbers from 1, with commas between them, such as 1,2.",
                    0);
            return new SinkSetting(configuration[$"{section}:Directory"] ?? "", generations, options);
        }

        AzureSearchOptions ReadService() => new()
        {
            ConnectionString = configuration.GetConnectionString(AzureSearchOptions.ConnectionName)?.Trim() ?? "",
            Index = configuration[$"{AzureSearchOptions.Section}:Index"] ?? new AzureSearchOptions().Index,
        };

        EventHubsOptions ReadHub() => new()
        {
            ConnectionString = configuration.GetConnectionString(EventHubsOptions.ConnectionName)?.Trim() ?? "",
            Hub = configuration[$"{EventHubsOptions.Section}:Hub"] ?? new EventHubsOptions().Hub,
        };

        BusOptions ReadBus() => new()
        {
            ConnectionString = configuration.GetConnectionString(BusOptions.ConnectionName)?.Trim() ?? "",
            Exchange = configuration[$"{BusOptions.Section}:Exchange"] ?? new BusOptions().Exchange,
        };

        int Wrong(string problem, int instead)
        {
            wrong.Add(problem);
            return instead;
        }
    }

    private static List<string> List(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
}

/// <summary>Where a sink writes.</summary>
/// <param name="Directory">Where its files are; empty where it has none.</param>
/// <param name="Generations">Which outsides are written: several while one is rebuilt beside the other.</param>
/// <param name="Options">How it writes.</param>
internal sealed record SinkSetting(string Directory, IReadOnlyList<int> Generations, SinkOptions Options);
