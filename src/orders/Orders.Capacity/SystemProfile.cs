using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Capacity;

/// <summary>What the system was measured to use, by <c>bench -- cost</c>: all that the model knows of it.</summary>
internal sealed record SystemProfile
{
    /// <summary>When and how it was measured.</summary>
    public required string Measured { get; init; }

    /// <summary>The rates it was measured at: orders a second on one physical partition, rising. What goes with the rate has a value for each.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>What an order writes and reads, and what stays of it.</summary>
    public required IReadOnlyList<ContainerUse> Containers { get; init; }

    /// <summary>The services.</summary>
    public required IReadOnlyList<ServiceUse> Services { get; init; }

    /// <summary>Request units of a checkpoint: the write of a lease.</summary>
    public required double UnitsPerCheckpoint { get; init; }

    /// <summary>
    /// Checkpoints of all endpoints for one order, one a second at most for each endpoint and partition: the busier, the more orders share one.
    /// </summary>
    public required IReadOnlyList<double> CheckpointsPerOrder { get; init; }

    /// <summary>Request units a second of the system at rest on one physical partition, empty feed reads left out.</summary>
    public required double UnitsAtRest { get; init; }

    /// <summary>What each further physical partition of the events adds to that.</summary>
    public required double UnitsAtRestPerPartition { get; init; }

    /// <summary>Readers of the events that share no request with others: each reads every event.</summary>
    public required int Readers { get; init; }

    /// <summary>Endpoints with leases of their own.</summary>
    public required int Endpoints { get; init; }

    private static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectRequiredConstructorParameters = true };

    /// <summary>The profile this build comes with.</summary>
    public static SystemProfile Load()
    {
        using var resource = typeof(SystemProfile).Assembly.GetManifestResourceStream("profile.json")!;
        return JsonSerializer.Deserialize<SystemProfile>(resource, Json)!;
    }

    /// <exception cref="CapacityException">The file cannot be read as a profile.</exception>
    public static SystemProfile Load(string file)
    {
        try
        {
            var profile = JsonSerializer.Deserialize<SystemProfile>(File.ReadAllText(file), Json)
                ?? throw new CapacityException($"--profile '{file}' is empty.");
            return profile.IsWhole
                ? profile
                : throw new CapacityException($"--profile '{file}' must have rates that rise, and for each of them a value wherever it has several.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CapacityException($"--profile '{file}' is no profile as bench -- cost writes it: {e.Message}");
        }
    }

    /// <summary>
    /// What goes with the rate: between the rates that were measured by the logarithm of the rate, and beyond them as at the last one.
    /// </summary>
    /// <param name="values">A value for each rate.</param>
    /// <param name="rate">Orders a second on one physical partition.</param>
    public double At(IReadOnlyList<double> values, double rate)
    {
        if (rate <= Rates[0])
            return values[0];
        for (var i = 1; i < Rates.Count; i++)
        {
            if (rate > Rates[i])
                continue;
            var part = Math.Log(rate / Rates[i - 1]) / Math.Log(Rates[i] / Rates[i - 1]);
            return values[i - 1] + part * (values[i] - values[i - 1]);
        }

        return values[^1];
    }

    private bool IsWhole =>
        Rates.Count > 0 && Rates[0] > 0 && Rates.Zip(Rates.Skip(1)).All(pair => pair.First < pair.Second) && CheckpointsPerOrder.Count == Rates.Count
        && Containers.All(container => container.UnitsPerOrder.Count == Rates.Count);

    /// <summary>The profile as its file has it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";
}

/// <summary>What an order uses of a container.</summary>
/// <param name="Name">The container.</param>
/// <param name="UnitsPerOrder">Request units of writes, point reads and queries, at each rate: the busier, the more events share a write.</param>
/// <param name="BytesPerOrder">Bytes of JSON that stay.</param>
internal sealed record ContainerUse(string Name, IReadOnlyList<double> UnitsPerOrder, double BytesPerOrder);

/// <summary>What an order asks of a service.</summary>
/// <param name="Name">The service.</param>
/// <param name="FeedUnitsPerOrder">Request units of reading the order's events from the feed; 0 where it reads none.</param>
/// <param name="MillisecondsPerOrder">Processor time, on the machine the profile was measured on.</param>
internal sealed record ServiceUse(string Name, double FeedUnitsPerOrder, double MillisecondsPerOrder);
