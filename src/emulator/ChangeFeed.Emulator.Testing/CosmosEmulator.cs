using System.Globalization;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing;

/// <summary>
/// A Cosmos DB for NoSQL endpoint in the process of a test, on a free loopback port and with data of its own. Two of them share nothing,
/// so tests may run at the same time. Dispose it to stop it and to remove its data.
/// </summary>
public sealed class CosmosEmulator : IAsyncDisposable
{
    private readonly EmulatorHost _host;
    private readonly EmulatorControls _controls;
    private readonly ShiftedTime _time;

    private CosmosEmulator(EmulatorHost host, string key, ShiftedTime time)
    {
        (_host, _time) = (host, time);
        _controls = new(host.Endpoint, key);
        Regions = new(_controls);
    }

    /// <summary>The address of the endpoint.</summary>
    public Uri Endpoint => _host.Endpoint;

    /// <summary>The connection string for clients in Gateway mode.</summary>
    public string ConnectionString => _host.ConnectionString;

    /// <summary>
    /// What can happen to the regions of the account, where it was started with some: <c>options => options with { Regions = ["west", "east"] }</c>.
    /// </summary>
    public EmulatorRegions Regions { get; }

    /// <summary>The address of each region; empty where the account has none but one.</summary>
    public IReadOnlyDictionary<string, Uri> RegionEndpoints => _host.RegionEndpoints;

    /// <summary>Starts an empty endpoint.</summary>
    /// <param name="configure">Changes options, as in <c>options => options with { Partitions = 1 }</c>.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="EmulatorStartException">It cannot start; the message says why and what to do.</exception>
    public static async Task<CosmosEmulator> StartAsync(
        Func<EmulatorOptions, EmulatorOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new EmulatorOptions { Port = 0, InMemory = true };
        options = configure?.Invoke(options) ?? options;
        var time = new ShiftedTime();
        return new(await EmulatorHost.StartAsync(options, time, cancellationToken), options.Key, time);
    }

    /// <summary>Makes a client in Gateway mode, which finds the regions where there are some; the caller disposes it.</summary>
    /// <param name="configure">Changes the client's options, for example the serializer or retries.</param>
    public CosmosClient CreateClient(Action<CosmosClientOptions>? configure = null)
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = RegionEndpoints.Count == 0 };
        configure?.Invoke(options);
        return new(ConnectionString, options);
    }

    /// <summary>Makes requests fail or wait from now on, those of every client; faults added before go on.</summary>
    /// <exception cref="InvalidOperationException">The fault makes no sense; the message says why.</exception>
    public Task InjectFaultAsync(RequestFault fault, CancellationToken cancellationToken = default) =>
        _controls.AddFaultAsync(fault, cancellationToken);

    /// <summary>Ends all injected faults.</summary>
    public Task RemoveFaultsAsync(CancellationToken cancellationToken = default) => _controls.RemoveFaultsAsync(cancellationToken);

    /// <summary>
    /// Limits the request units each container may use in a second; who asks for more gets 429 and is told when to try again.
    /// </summary>
    /// <param name="unitsPerSecond">The limit; null takes it away.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The limit is none; the message says why.</exception>
    public Task ThrottleAsync(int? unitsPerSecond, CancellationToken cancellationToken = default) =>
        _controls.LimitAsync(unitsPerSecond, cancellationToken);

    /// <summary>Splits a physical partition; clients are told 410/1002 once and go on in the two it became, whose names are returned.</summary>
    /// <param name="container">The container.</param>
    /// <param name="partition">The name of the partition; <c>0</c> is the first of a new container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is no such partition, or it is too small.</exception>
    public Task<IReadOnlyList<string>> SplitAsync(Container container, string partition = "0", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(container);
        return _controls.SplitAsync(container.Database.Id, container.Id, partition, cancellationToken);
    }

    /// <summary>
    /// Puts the endpoint's clock forward: items expire, and timestamps are later. Nothing waits, and the clocks of clients stay as they are.
    /// </summary>
    /// <param name="by">How far; not back.</param>
    public void Advance(TimeSpan by) => _time.Advance(by);

    /// <summary>
    /// The request units all requests to containers have used so far, those of other clients included. Subtract two answers to assert
    /// what an operation costs. Containers that were deleted do not count any more.
    /// </summary>
    public async Task<double> GetRequestUnitsAsync(CancellationToken cancellationToken = default) =>
        Math.Round((await _controls.ChargesAsync(cancellationToken)).Values.Sum(charge => charge.Units), 2);

    /// <summary>The request units that were used while something was done, by whomever.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="cancellationToken">Gives up counting.</param>
    public async Task<double> MeasureAsync(Func<Task> work, CancellationToken cancellationToken = default) =>
        Math.Round((await ChargedAsync(work, cancellationToken)).Sum(charge => charge.Units), 2);

    /// <summary>Does something, and throws where it has used more request units than it may.</summary>
    /// <param name="requestUnits">The most it may use.</param>
    /// <param name="work">What is done. A client's first request to a container also reads the container and its partitions.</param>
    /// <param name="cancellationToken">Gives up counting.</param>
    /// <exception cref="RequestUnitException">It has cost more; the message says which container was charged how much.</exception>
    public async Task AssertCostsAtMostAsync(double requestUnits, Func<Task> work, CancellationToken cancellationToken = default)
    {
        var charges = await ChargedAsync(work, cancellationToken);
        var used = Math.Round(charges.Sum(charge => charge.Units), 2);
        if (used > requestUnits)
            throw new RequestUnitException(string.Create(
                CultureInfo.InvariantCulture, $"It cost {used} RU and may cost {requestUnits}: {string.Join(", ", charges.Select(Describe))}."));
    }

    private static string Describe((string Container, long Requests, double Units) charge) => string.Create(
        CultureInfo.InvariantCulture, $"{charge.Container} {charge.Units:0.##} RU in {charge.Requests} request{(charge.Requests == 1 ? "" : "s")}");

    private async Task<List<(string Container, long Requests, double Units)>> ChargedAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var before = await _controls.ChargesAsync(cancellationToken);
        await work();
        var after = await _controls.ChargesAsync(cancellationToken);
        return
        [
            .. after.Select(entry => (entry.Key, before.GetValueOrDefault(entry.Key), entry.Value))
                .Select(entry => (entry.Key, entry.Value.Requests - entry.Item2.Requests, entry.Value.Units - entry.Item2.Units))
                .Where(charge => charge.Item2 > 0)
        ];
    }

    /// <summary>Stops the endpoint and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        _controls.Dispose();
        await _host.DisposeAsync();
    }
}
