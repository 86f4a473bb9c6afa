using Bench.Subjects;

namespace Bench.Pipeline;

/// <summary>A chain of processes an order goes through.</summary>
internal interface IOrderPipeline : IAsyncDisposable
{
    string Name { get; }

    /// <summary>The processes, the store among them.</summary>
    IReadOnlyList<RunningProcess> Processes { get; }

    /// <summary>Places one order.</summary>
    /// <returns>Its id, and the time it was seen completed.</returns>
    Task<(string OrderId, long Completed)> RunOrderAsync();

    /// <summary>What its store was asked up to now.</summary>
    Task<StoreUse> ReadUseAsync(CancellationToken stop);

    /// <summary>When the writers decided the events of an order, in order.</summary>
    Task<IReadOnlyList<EventTime>> ReadTimesAsync(string orderId);
}

/// <summary>A process and what it is.</summary>
internal sealed record RunningProcess(string Name, int Pid, Kind Kind);

internal enum Kind
{
    Store,
    Api,
    Worker,
}

/// <summary>An event and when it was decided.</summary>
internal sealed record EventTime(string Type, DateTimeOffset At);
