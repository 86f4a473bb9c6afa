using System.Globalization;
using System.Security.Cryptography;
using ChangeFeed.Emulator.Aspire;
using Microsoft.Extensions.Configuration;
using Orders.Shopper;

namespace ChangeFeed.AppHost.Options;

/// <summary>What may be chosen about a run, read and checked before anything starts.</summary>
internal sealed class Settings
{
    private const int ShortestKey = 16;

    private readonly IConfiguration _configuration;

    /// <exception cref="SettingException">A setting is wrong.</exception>
    public Settings(IConfiguration configuration, string appHostDirectory)
    {
        _configuration = configuration;
        DataDirectory = Path.GetFullPath(configuration["data"] ?? Path.Combine(appHostDirectory, "..", ".data"));
        CareKeyIsNew = configuration["care-key"] is null;
        CareKey = configuration["care-key"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (CareKey.Length < ShortestKey)
            throw new SettingException($"--care-key is too short: use at least {ShortestKey} characters.");
        StartTimeout = TimeSpan.FromSeconds(Number("start-timeout", standard: 120, 1, 86_400));
        OpenBrowser = Flag("open-browser", standard: true);
        IsCompact = ReadTopology();
        Partitions = Number("partitions", standard: 1, 1, 100);
        RequireAuth = Flag("require-auth", standard: false);
        ShopperRate = ReadShopperRate();
        Sinks = ReadSinks();
    }

    /// <summary>Everything that is kept lies here.</summary>
    public string DataDirectory { get; }

    /// <summary>A Cosmos DB account is given: no store is started.</summary>
    public bool HasCosmosAccount => !string.IsNullOrWhiteSpace(_configuration.GetConnectionString("cosmos"));

    /// <summary>The key of the back office at both APIs: the one given, or a new one.</summary>
    public string CareKey { get; }

    /// <summary>No key was given: nobody can know it unless it is shown.</summary>
    public bool CareKeyIsNew { get; }

    /// <summary>All workers are in one process.</summary>
    public bool IsCompact { get; }

    /// <summary>Physical partitions of a new container that grows with the orders, in the embedded store.</summary>
    public int Partitions { get; }

    /// <summary>Whether both APIs behave as in production: no call is let in without a key or a token.</summary>
    public bool RequireAuth { get; }

    /// <summary>How long everything may take to become healthy.</summary>
    public TimeSpan StartTimeout { get; }

    /// <summary>Whether a browser may be opened where there is one.</summary>
    public bool OpenBrowser { get; }

    /// <summary>How fast orders are placed from the start; empty when nobody asked for any.</summary>
    public string ShopperRate { get; }

    /// <summary>Which outside stores are fed from the events.</summary>
    public IReadOnlyList<string> Sinks { get; }

    /// <summary>The address of the outside a sink writes to, by the connection string of its name; null where none is given.</summary>
    public string? AddressOf(string sink) => _configuration.GetConnectionString(sink) is { Length: > 0 } address ? address : null;

    /// <summary>
    /// What services and commands must know to follow the migration of the events, as their environment: the directory, and the accounts it may name. Nothing
    /// where none is followed.
    /// </summary>
    public IReadOnlyDictionary<string, string> Directory => _configuration["Cosmos:Directory:Entry"] is not { Length: > 0 }
        ? new Dictionary<string, string>()
        : _configuration.GetSection("Cosmos:Directory").AsEnumerable()
            .Concat(_configuration.GetSection("ConnectionStrings").AsEnumerable()
                .Where(account => account.Value?.Contains("AccountEndpoint", StringComparison.OrdinalIgnoreCase) == true))
            .Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);

    /// <summary>How many processes of a worker run.</summary>
    public int Replicas(string key) => Number($"Replicas:{key}", standard: 1, 1, 32);

    /// <summary>The port a resource listens on, free when this returns.</summary>
    public int Port(string key, int standard, string resource)
    {
        var port = Number($"Ports:{key}", standard, 0, 65535);
        if (port == 0) return LoopbackPort.Take();
        RequireFree(port, key, resource);
        return port;
    }

    /// <exception cref="SettingException">Something listens on the port.</exception>
    public static void RequireFree(int port, string key, string resource)
    {
        if (!LoopbackPort.IsFree(port))
            throw new SettingException(
                $"Port {port} is in use, so {resource} cannot listen on it: stop what uses it, or choose another with --Ports:{key} PORT.");
    }

    private bool ReadTopology()
    {
        var isCompact = _configuration["topology"] switch
        {
            null or "distributed" => false,
            "compact" => true,
            var other => throw new SettingException($"--topology is '{other}': it must be distributed or compact."),
        };
        if (isCompact && _configuration.GetSection("Replicas").GetChildren().FirstOrDefault() is { } replicas)
            throw new SettingException(
                $"--Replicas:{replicas.Key} says how many processes of a worker run, and --topology compact that all are one: leave one out.");
        return isCompact;
    }

    private IReadOnlyList<string> ReadSinks()
    {
        var known = SinkNames.All;
        var given = _configuration["sinks"] ?? "none";
        if (given == "none") return [];
        if (given == "all") return [.. known.Where(name => !SinkNames.Bought.Contains(name) || AddressOf(name) is not null)];
        var names = given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        if (names.Find(name => SinkNames.Bought.Contains(name) && AddressOf(name) is null) is { } nowhere)
            throw new SettingException($"--sinks has {nowhere}: say where that is with --ConnectionStrings:{nowhere} TEXT.");
        return names.Count > 0 && names.TrueForAll(known.Contains)
            ? names
            : throw new SettingException($"--sinks is '{given}': it must be all, none, or some of {string.Join(',', known)}.");
    }

    private string ReadShopperRate()
    {
        if (_configuration["shopper"] is not { } given) return "";
        return OrderRate.TryParse(given, out var rate)
            ? rate.ToString()
            : throw new SettingException($"--shopper is '{given}': it must be {OrderRate.Rule}.");
    }

    private bool Flag(string key, bool standard)
    {
        if (_configuration[key] is not { } text) return standard;
        return bool.TryParse(text, out var flag) ? flag : throw new SettingException($"--{key} is '{text}': it must be true or false.");
    }

    private int Number(string key, int standard, int least, int most)
    {
        if (_configuration[key] is not { } text) return standard;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SettingException($"{key} is '{text}': it must be a whole number from {least} to {most}.");
    }
}
