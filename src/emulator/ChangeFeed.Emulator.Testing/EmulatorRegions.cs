using System.Text.Json.Nodes;

namespace ChangeFeed.Emulator.Testing;

/// <summary>What can happen to the regions of an account. Each call returns when it has happened.</summary>
public sealed class EmulatorRegions
{
    private readonly EmulatorControls _controls;

    internal EmulatorRegions(EmulatorControls controls) => _controls = controls;

    /// <summary>The region that is written to.</summary>
    /// <exception cref="InvalidOperationException">The account has one region only.</exception>
    public async Task<string> GetWriteRegionAsync(CancellationToken cancellationToken = default) =>
        (await _controls.RegionsAsync(HttpMethod.Get, "", null, cancellationToken)).GetProperty("writeRegion").GetString()!;

    /// <summary>How long after its commit something arrives in the other regions, at least.</summary>
    /// <param name="lag">Zero to one hour, in whole milliseconds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The lag is none; the message says why.</exception>
    public Task SetLagAsync(TimeSpan lag, CancellationToken cancellationToken = default) =>
        _controls.RegionsAsync(HttpMethod.Put, "/lag", new() { ["milliseconds"] = (int)lag.TotalMilliseconds }, cancellationToken);

    /// <summary>A region answers no more. Where it was the one that is written to, another takes its place.</summary>
    /// <param name="region">The region.</param>
    /// <param name="keepTail">What was committed there and has not arrived elsewhere arrives before; else it is lost.</param>
    /// <param name="failOver">Whether another takes its place at once; else nobody is written to until <see cref="PromoteAsync"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It is lost already, or the last one; the message says what to do.</exception>
    public Task LoseAsync(string region, bool keepTail = false, bool failOver = true, CancellationToken cancellationToken = default) =>
        PostAsync(region, "lose", new() { ["tail"] = keepTail ? "kept" : "lost", ["failOver"] = failOver }, cancellationToken);

    /// <summary>A lost region answers again, and follows the write region; what only it had is gone.</summary>
    /// <param name="region">The region.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It is not lost; the message says what to do.</exception>
    public Task RecoverAsync(string region, CancellationToken cancellationToken = default) =>
        PostAsync(region, "recover", null, cancellationToken);

    /// <summary>Nothing that is written elsewhere arrives in a region any more; it goes on answering.</summary>
    /// <param name="region">A region that is not written to.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It is the write region, or not online; the message says what to do.</exception>
    public Task SplitAsync(string region, CancellationToken cancellationToken = default) => PostAsync(region, "split", null, cancellationToken);

    /// <summary>What was written elsewhere arrives again.</summary>
    /// <param name="region">A region that was split off.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It is not split off.</exception>
    public Task HealAsync(string region, CancellationToken cancellationToken = default) => PostAsync(region, "heal", null, cancellationToken);

    /// <summary>Makes a region the one that is written to; nothing is lost where the one before still answers.</summary>
    /// <param name="region">A region that follows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It is the write region already, lost or split off; the message says what to do.</exception>
    public Task PromoteAsync(string region, CancellationToken cancellationToken = default) =>
        PostAsync(region, "promote", null, cancellationToken);

    private Task PostAsync(string region, string what, JsonObject? body, CancellationToken cancellationToken) =>
        _controls.RegionsAsync(HttpMethod.Post, $"/{Uri.EscapeDataString(region)}/{what}", body, cancellationToken);
}
