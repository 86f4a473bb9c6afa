using System.Globalization;
using ChangeFeed.Emulator.Endpoints.Management;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator;

/// <summary>The command line, with the environment (<c>EMULATOR__PORT</c> and so on) for what it does not say.</summary>
internal static class CommandLine
{
    public const string Help = """
        A durable Azure Cosmos DB for NoSQL endpoint over HTTP for the SDKs in Gateway mode.

        Usage: cosmos-emulator [options]
               cosmos-emulator export --data DIR --output DIR
               cosmos-emulator repair --data DIR

        export  writes every document that can be read as a line of JSON, one file per container; changes nothing
        repair  makes a new data file of what can be read and keeps the damaged one beside it
        Both say what is lost; the exit code is 3 then, 0 if nothing is. The emulator must not be running on the directory.

          --port N          port to listen on (8081)
          --host ADDRESS    address to listen on (127.0.0.1; * for all)
          --data DIR        directory the data lies in (.data/emulator)
          --in-memory       keep nothing: the data is gone when the emulator stops
          --partitions N    physical partitions of a new container (one for every 6,000 RU/s of its throughput)
          --lenient-indexing
                            serve queries the service refuses because the container has no index for them
          --certificate FILE
                            speak HTTPS with this certificate: PKCS #12, or PEM with its key
          --certificate-key FILE
                            the private key of the certificate, PEM, where it is not in the same file
          --key KEY         account key, Base64 (the well-known key of local endpoints)
          --max-megabytes N the most the data file may hold; beyond that writers get 503 (as much as the disk)
          --regions A,B     regions of the account, the first of which is written to: one endpoint each, on the ports after --port (one region)
          --region-ports N,M
                            the port of each region (those that follow --port)
          --replication-lag MS
                            how long after its commit something arrives in the other regions (100)
          --throttle RU     request units per second each container may use; beyond that requests get 429 (off)
          --latency MS      milliseconds added to every request (0)
          --explorer MODE   the data explorer at /_explorer: full, read-only or off (full)
          --help            this text

        Each option can also be set in the environment: EMULATOR__PORT, EMULATOR__HOST, EMULATOR__DATA,
        EMULATOR__INMEMORY (true), EMULATOR__PARTITIONS, EMULATOR__KEY, EMULATOR__THROTTLE,
        EMULATOR__LATENCY, EMULATOR__MAXMEGABYTES, EMULATOR__CERTIFICATE, EMULATOR__CERTIFICATEKEY, EMULATOR__EXPLORER, EMULATOR__LENIENTINDEXING (true),
        EMULATOR__REGIONS, EMULATOR__REGIONPORTS, EMULATOR__REPLICATIONLAG.
        EMULATOR__CERTIFICATEPASSWORD opens the private key, and only the environment has it: command lines are seen by others.
        ASPNETCORE_URLS gives address and port where nothing else does.
        """;

    /// <exception cref="FormatException">An option is unknown or its value is wrong; the message is for the user.</exception>
    public static EmulatorOptions Parse(string[] args, Func<string, string?> environment)
    {
        var options = FromEnvironment(environment);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, inline) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            options = name switch
            {
                "--in-memory" => options with { InMemory = true },
                "--lenient-indexing" => options with { LenientIndexing = true },
                _ => Set(options, name, inline ?? Next(args, ref i)),
            };
        }
        return options;
    }

    /// <summary>What the command line asks for besides serving; null where it asks for that.</summary>
    /// <exception cref="FormatException">An option is unknown or missing; the message is for the user.</exception>
    public static MaintenanceCommand? ParseMaintenance(string[] args)
    {
        if (args is not [("export" or "repair") and var verb, ..])
            return null;
        string? data = null, output = null;
        for (var i = 1; i < args.Length; i++)
        {
            var (name, inline) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            switch (name)
            {
                case "--data":
                    data = inline ?? Next(args, ref i);
                    break;
                case "--output" when verb == "export":
                    output = inline ?? Next(args, ref i);
                    break;
                default:
                    throw new FormatException(Unknown(name));
            }
        }
        return new(
            data is { Length: > 0 } ? data : throw new FormatException($"{verb} needs --data with the directory of the data."),
            verb == "repair" || output is { Length: > 0 }
                ? output
                : throw new FormatException("export needs --output with a directory to write to."));
    }

    private static string Next(string[] args, ref int i) =>
        ++i < args.Length
            ? args[i]
            : throw new FormatException(
                WithValue.Concat(OfMaintenance).Contains(args[i - 1]) ? $"The option {args[i - 1]} needs a value." : Unknown(args[i - 1]));

    private static readonly string[] WithValue =
    [
        "--port", "--host", "--data", "--partitions", "--key", "--throttle", "--latency", "--max-megabytes", "--explorer",
        "--certificate", "--certificate-key", "--regions", "--region-ports", "--replication-lag"
    ];

    private static readonly string[] OfMaintenance = ["--data", "--output"];

    private static EmulatorOptions Set(EmulatorOptions options, string name, string value) => name switch
    {
        "--port" => options with { Port = Number(name, value, 0, 65535) },
        "--host" => options with { Host = value },
        "--data" =>
            options with { DataDirectory = value.Length > 0 ? value : throw new FormatException("The option --data needs a directory.") },
        "--partitions" => options with { Partitions = Number(name, value, 1, EmulatorOptions.MaxPartitions) },
        "--certificate" => options with { Certificate = value },
        "--certificate-key" => options with { CertificateKey = value },
        "--key" => options with { Key = Key(name, value) },
        "--max-megabytes" => options with { MaxBytes = (long)Number(name, value, 1, 1_000_000) << 20 },
        "--throttle" => options with { Throttle = Number(name, value, 1, Throttle.MaxUnits) },
        "--latency" => options with { Latency = TimeSpan.FromMilliseconds(Number(name, value, 0, 60_000)) },
        "--explorer" => options with { Explorer = Explorer(name, value) },
        "--regions" => options with { Regions = Regions(name, value) },
        "--region-ports" => options with { RegionPorts = [.. value.Split(',').Select(port => Number(name, port, 1, 65535))] },
        "--replication-lag" => options with
        {
            ReplicationLag = TimeSpan.FromMilliseconds(Number(name, value, 0, (int)EmulatorOptions.MaxReplicationLag.TotalMilliseconds)),
        },
        _ => throw new FormatException(Unknown(name)),
    };

    private static string[] Regions(string name, string value)
    {
        var regions = value.Split(',', StringSplitOptions.TrimEntries);
        return RegionNames.Problem(regions) is { } problem ? throw new FormatException($"{name} is '{value}'; {problem}") : regions;
    }

    private static ExplorerMode Explorer(string name, string value) => value switch
    {
        "full" => ExplorerMode.Full,
        "read-only" => ExplorerMode.ReadOnly,
        "off" => ExplorerMode.Off,
        _ => throw new FormatException($"{name} is '{value}'; it must be full, read-only or off."),
    };

    private static EmulatorOptions FromEnvironment(Func<string, string?> environment)
    {
        var options = new EmulatorOptions();
        if (environment("ASPNETCORE_URLS") is { Length: > 0 } urls
            && Uri.TryCreate(urls.Split(';')[0].Replace("*", "0.0.0.0").Replace("+", "0.0.0.0"), UriKind.Absolute, out var url))
            options = options with { Port = url.Port, Host = url.Host == "localhost" ? options.Host : url.Host };
        foreach (var name in WithValue)
        {
            var variable = $"EMULATOR__{name[2..].Replace("-", "").ToUpperInvariant()}";
            if (environment(variable) is not { Length: > 0 } value)
                continue;
            try
            {
                options = Set(options, name, value);
            }
            catch (FormatException exception)
            {
                throw new FormatException($"{variable} in the environment: {exception.Message}");
            }
        }
        if (environment("EMULATOR__CERTIFICATEPASSWORD") is { Length: > 0 } password)
            options = options with { CertificatePassword = password };
        if (bool.TryParse(environment("EMULATOR__LENIENTINDEXING"), out var lenient))
            options = options with { LenientIndexing = lenient };
        return bool.TryParse(environment("EMULATOR__INMEMORY"), out var inMemory) ? options with { InMemory = inMemory } : options;
    }

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException($"{name} is '{value}'; it must be a whole number from {min} to {max}.");

    private static string Key(string name, string value)
    {
        Span<byte> bytes = new byte[value.Length];
        return value.Length > 0 && Convert.TryFromBase64String(value, bytes, out _)
            ? value
            : throw new FormatException($"{name} must be an account key in Base64.");
    }

    private static string Unknown(string name) => $"The option {name} is unknown; --help lists the options.";
}
