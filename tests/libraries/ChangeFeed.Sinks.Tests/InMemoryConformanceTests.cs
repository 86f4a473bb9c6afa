using ChangeFeed.Sinks.Testing;
using ChangeFeed.Sinks.Tests.Support;

namespace ChangeFeed.Sinks.Tests;

/// <summary>The suite on a dictionary: what it finds wrong here is wrong in the machinery.</summary>
public sealed class InMemoryConformanceTests : SinkConformance
{
    protected override Task<SinkOutside> StartOutsideAsync() => Task.FromResult<SinkOutside>(new InMemoryOutside());
}
