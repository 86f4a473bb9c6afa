using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Query;

namespace ChangeFeed.Emulator.Endpoints.Management;

/// <summary>What is set and counted over all endpoints of an account: injected faults, use and its limit, missing indexes.</summary>
internal sealed class Controls(EmulatorOptions options, TimeProvider time)
{
    public FaultRules Faults { get; } = new();

    public Usage Usage { get; } = new(options.Throttle, time);

    public MissingIndexes MissingIndexes { get; } = new();
}
