using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace Orders.Archive.Cooling;

/// <summary>Whether every endpoint has handled what is old: it would not find it in the feed any more.</summary>
/// <param name="events">The feed of the events.</param>
/// <param name="leases">The container of the leases.</param>
/// <param name="controls">The container of controls.</param>
/// <param name="time">The clock.</param>
public sealed class HandledEvents(IFeedRoute events, Container leases, Container controls, TimeProvider time)
{
    private readonly EndpointDirectory _endpoints = new(leases, events);
    private readonly EndpointPositions _positions = new(leases, controls, time, events);

    /// <summary>Makes sure of it.</summary>
    /// <param name="until">What was written before.</param>
    /// <param name="except">Endpoints that need not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CoolingException">One has not; the message names it.</exception>
    public async Task EnsureAsync(DateTimeOffset until, IReadOnlyList<string> except, CancellationToken cancellationToken)
    {
        foreach (var endpoint in (await _endpoints.ReadAsync(cancellationToken)).Select(e => e.Name).Except(except, StringComparer.Ordinal))
        {
            var next = (await _positions.ReadAsync(endpoint, cancellationToken))?.Select(partition => partition.Next).Where(place => place?.At < until).MinBy(
                place => place!.At);
            if (next is not null)
                throw new CoolingException(
                    $"Endpoint '{endpoint}' has not handled event {next.StreamId}/{next.Version} of {next.At.UtcDateTime:u}: run again when it has, "
                    + $"or, where nobody needs it any more, with --except {endpoint}.");
        }
    }
}
