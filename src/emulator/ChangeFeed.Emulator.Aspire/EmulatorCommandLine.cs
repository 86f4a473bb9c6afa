using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace ChangeFeed.Emulator.Aspire;

/// <summary>What the emulator is started with.</summary>
internal static class EmulatorCommandLine
{
    public static void Add(CosmosEmulatorResource emulator, IList<object> arguments)
    {
        arguments.Add("exec");
        arguments.Add(emulator.Program);
        arguments.Add("--host");
        arguments.Add("127.0.0.1");
        arguments.Add("--port");
        arguments.Add(emulator.Endpoint.Property(EndpointProperty.Port));
        if (emulator.DataDirectory is { } directory)
            Option("--data", directory);
        else
            arguments.Add("--in-memory");
        Number("--partitions", emulator.Partitions);
        if (emulator.Regions.Count > 0)
        {
            Option("--regions", string.Join(',', emulator.Regions));
            arguments.Add("--region-ports");
            arguments.Add(ReferenceExpressionOfPorts(emulator));
            Number("--replication-lag", emulator.ReplicationLag is { } lag ? (int)lag.TotalMilliseconds : null);
        }
        Number("--throttle", emulator.ThroughputLimit);
        Number("--latency", emulator.Latency is { } latency ? (int)latency.TotalMilliseconds : null);
        Number("--max-megabytes", emulator.MaxMegabytes);

        void Number(string name, int? value)
        {
            if (value is { } number)
                Option(name, number.ToString(CultureInfo.InvariantCulture));
        }

        void Option(string name, string value)
        {
            arguments.Add(name);
            arguments.Add(value);
        }
    }

    private static ReferenceExpression ReferenceExpressionOfPorts(CosmosEmulatorResource emulator)
    {
        var ports = new ReferenceExpressionBuilder();
        foreach (var region in emulator.Regions)
        {
            if (region != emulator.Regions[0])
                ports.AppendLiteral(",");
            ports.Append($"{emulator.RegionEndpoint(region).Property(EndpointProperty.Port)}");
        }
        return ports.Build();
    }

    /// <summary>A key does not belong on a command line, where every user of the machine can read it.</summary>
    public static void AddKey(CosmosEmulatorResource emulator, IDictionary<string, object> environment)
    {
        if (emulator.KeyParameter is { } key)
            environment["EMULATOR__KEY"] = key;
    }
}
