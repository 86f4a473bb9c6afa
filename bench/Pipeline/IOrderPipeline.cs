using Bench.Harness;
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
internal sealed record RunningProcess(string Name, int Pid, Kind Kind)
{
    /// <summary>Processor time used so far.</summary>
    public TimeSpan Processor => Kind == Kind.ServerOfProcesses ? Machine.CpuOfTree(Pid) : Machine.CpuOf(Pid);

    /// <summary>Memory, in bytes, with its share of what it has in common with others.</summary>
    public long ProportionalMemory => Kind == Kind.ServerOfProcesses ? Machine.ProportionalOfTree(Pid) : Machine.ProportionalOf(Pid);
}

internal enum Kind
{
    Store,
    Api,
    Worker,

    /// <summary>A server that has a process for each connection.</summary>
    ServerOfProcesses,
}

/// <summary>An event and when it was decided.</summary>
internal sealed record EventTime(string Type, DateTimeOffset At);
