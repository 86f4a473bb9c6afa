using System.Collections.Concurrent;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Controls;

/// <summary>The commands in force for the endpoints of this process, read for all of them at once.</summary>
internal sealed class SharedControls(Container container, TimeSpan maxAge, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, byte> _endpoints = new(StringComparer.Ordinal);
    private readonly SharedRead<IReadOnlyDictionary<string, EndpointControl>> _read = new(maxAge, time);

    /// <summary>The command in force for an endpoint; null when there never was one.</summary>
    public async Task<EndpointControl?> GetAsync(string endpoint, CancellationToken cancellationToken)
    {
        if (_endpoints.TryAdd(endpoint, 0))
            _read.Forget();
        return (await _read.GetAsync(ReadAsync, cancellationToken))!.GetValueOrDefault(endpoint);
    }

    private async Task<IReadOnlyDictionary<string, EndpointControl>?> ReadAsync(CancellationToken cancellationToken)
    {
        var endpoints = _endpoints.Keys.ToList();
        if (endpoints is [var only])
            return await container.FindAsync(only, only, ControlJson.Default.EndpointControl, cancellationToken) is { } found
                ? new Dictionary<string, EndpointControl> { [only] = found.Document }
                : new Dictionary<string, EndpointControl>();
        // By id alone, as the id is the partition key too: nothing else needs an index.
        var query = endpoints.Select((endpoint, i) => (Name: $"@e{i}", endpoint)).Aggregate(
            new QueryDefinition($"SELECT * FROM c WHERE c.id IN ({string.Join(", ", endpoints.Select((_, i) => $"@e{i}"))})"),
            (definition, parameter) => definition.WithParameter(parameter.Name, parameter.endpoint));
        var controls = await container.QueryAsync(
            query, document => document.Deserialize(ControlJson.Default.EndpointControl)!, cancellationToken: cancellationToken);
        return controls.ToDictionary(control => control.Endpoint);
    }
}
