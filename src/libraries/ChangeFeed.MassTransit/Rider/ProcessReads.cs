using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Controls;
using ChangeFeed.MassTransit.DeadLetters;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>
/// What all endpoints of a process look at every <see cref="ChangeFeedOptions.ControlInterval"/>: they do so in step, and what they look at is read once.
/// </summary>
internal sealed class ProcessReads(IOptions<ChangeFeedOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SharedControls> _controls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DeadLetterFeed> _deadLetters = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    // Of one step, and of none before.
    private readonly TimeSpan _maxAge = options.Value.ControlInterval / 4;

    /// <summary>The commands in a container.</summary>
    public SharedControls Controls(Container container) => _controls.GetOrAdd(NameOf(container), _ => new SharedControls(container, _maxAge, time));

    /// <summary>The changes of a dead-letter container.</summary>
    public DeadLetterFeed DeadLetters(Container container) => _deadLetters.GetOrAdd(NameOf(container), _ => new DeadLetterFeed(container, _maxAge, time));

    /// <summary>Until all look again.</summary>
    public TimeSpan UntilNext() => options.Value.ControlInterval - TimeSpan.FromTicks(time.GetElapsedTime(_start).Ticks % options.Value.ControlInterval.Ticks);

    private static string NameOf(Container container) => $"{container.Database.Client.Endpoint} {container.Database.Id} {container.Id}";
}
