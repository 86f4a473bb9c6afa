namespace Orders.Capacity;

/// <summary>What is asked of the system, and how it is set up.</summary>
internal sealed record Demand
{
    /// <summary>Orders a second, on average.</summary>
    public required double OrdersPerSecond { get; init; }

    /// <summary>Orders a second in the busiest minute, as a multiple of the average.</summary>
    public double Peak { get; init; } = 3;

    /// <summary>Days orders stay in the store.</summary>
    public int KeepDays { get; init; } = 365;

    /// <summary>Services beside those of the profile that read every event.</summary>
    public int MoreConsumers { get; init; }

    /// <summary>The share of all orders that one customer places, who is one logical partition of a view.</summary>
    public double BusiestCustomer { get; init; } = 0.0001;

    /// <summary>Regions that keep a copy.</summary>
    public int Regions { get; init; } = 1;

    /// <summary><c>ChangeFeed:PollInterval</c> in seconds; 0 where the store holds reads open, as the embedded one does.</summary>
    public double PollSeconds { get; init; } = 1;

    /// <summary><c>ChangeFeed:CheckpointInterval</c> in seconds.</summary>
    public double CheckpointSeconds { get; init; } = 1;

    /// <summary>The part of a processor or of a partition's request units that is planned with.</summary>
    public double Utilisation { get; init; } = 0.7;

    /// <summary>Physical partitions of the events; null for as many as it takes.</summary>
    public int? Partitions { get; init; }
}
