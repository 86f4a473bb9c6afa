using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing;

/// <summary>
/// A Cosmos DB for NoSQL endpoint in the process of a test, on a free loopback port and with data of its own. Two of them share nothing,
/// so tests may run at the same time. Dispose it to stop it and to remove its data.
/// </summary>
public sealed class CosmosEmulator : IAsyncDisposable
{
    private readonly EmulatorHost _host;
    private readonly HttpClient _http;

    private CosmosEmulator(EmulatorHost host, string key)
    {
        _host = host;
        _http = new() { BaseAddress = host.Endpoint };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    /// <summary>The address of the endpoint.</summary>
    public Uri Endpoint => _host.Endpoint;

    /// <summary>The connection string for clients in Gateway mode.</summary>
    public string ConnectionString => _host.ConnectionString;

    /// <summary>Starts an empty endpoint.</summary>
    /// <param name="configure">Changes options, as in <c>options => options with { Partitions = 1 }</c>.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="EmulatorStartException">It cannot start; the message says why and what to do.</exception>
    public static async Task<CosmosEmulator> StartAsync(
        Func<EmulatorOptions, EmulatorOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new EmulatorOptions { Port = 0, InMemory = true };
        options = configure?.Invoke(options) ?? options;
        return new(await EmulatorHost.StartAsync(options, cancellationToken), options.Key);
    }

    /// <summary>Makes a client in Gateway mode; the caller disposes it.</summary>
    /// <param name="configure">Changes the client's options, for example the serializer or retries.</param>
    public CosmosClient CreateClient(Action<CosmosClientOptions>? configure = null)
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true };
        configure?.Invoke(options);
        return new(ConnectionString, options);
    }

    /// <summary>
    /// The request units all requests to containers have used so far, those of other clients included. Subtract two answers to assert
    /// what an operation costs. Containers that were deleted do not count any more.
    /// </summary>
    public async Task<double> GetRequestUnitsAsync(CancellationToken cancellationToken = default)
    {
        await using var body = await _http.GetStreamAsync("_emulator/stats", cancellationToken);
        using var statistics = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return Math.Round(
            statistics.RootElement.GetProperty("containers").EnumerateArray()
                .Sum(container => container.GetProperty("requestUnits").GetDouble()),
            2);
    }

    /// <summary>Stops the endpoint and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }
}
