using System.Collections.Concurrent;
using ChangeFeed.Emulator.Endpoints.Management;
using ChangeFeed.Emulator.Engine.Regions;

namespace ChangeFeed.Emulator.Endpoints.Regions;

/// <summary>
/// The endpoints of an account with regions: one for each region, and that of the account, which answers from whichever region is
/// written to.
/// </summary>
internal sealed class RegionListener(EmulatorOptions options, TimeProvider time) : IRegionListener
{
    private static readonly TimeSpan WaitForRequests = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Region, RegionDoor> _doors = [];
    private readonly Controls _controls = new(options, time);

    /// <summary>Set before it is asked for anything.</summary>
    public RegionSet Regions { get; set; } = null!;

    /// <summary>Listens at the address of the account.</summary>
    public Task<Listener> OpenAccountAsync(CancellationToken cancellationToken) =>
        Listener.StartAsync(options, options.Port, (_, _) => HandleAccountAsync, cancellationToken);

    public async Task OpenAsync(Region region)
    {
        if (_doors.ContainsKey(region))
            return;
        // The port a region once had is its own, also where it was a free one.
        var port = region.Endpoint?.Port
            ?? (options.RegionPorts.Count > 0 ? options.RegionPorts[options.Regions.Index().First(given => region.Is(given.Item)).Index]
            : options.Port == 0 ? 0
            : options.Port + region.Number);
        RegionDoor? door = null;
        var listener = await Listener.StartAsync(
            options,
            port,
            (log, stopping) => (door = new(new(options, region.Running!.State, _controls, Regions, log, stopping))).HandleAsync,
            CancellationToken.None);
        region.Endpoint = listener.Endpoint;
        door!.Listener = listener;
        _doors[region] = door;
    }

    public async Task CloseAsync(Region region)
    {
        if (_doors.TryRemove(region, out var door))
            await door.CloseAsync(WaitForRequests);
    }

    private Task HandleAccountAsync(HttpContext http)
    {
        if (_doors.TryGetValue(Regions.Writer, out var writes))
            return writes.HandleAsync(http);
        // Who is to be asked what is the matter, and what the account is, is not the data of a region.
        var any = _doors.Values.FirstOrDefault();
        if (any is not null && (http.Request.Path == "/" || http.Request.Path.StartsWithSegments("/_emulator")
            || http.Request.Path == "/health" || http.Request.Path == "/alive"))
            return any.HandleAsync(http);
        http.Abort();
        return Task.CompletedTask;
    }
}
