using ChangeFeed.Migration.Copy;
using ChangeFeed.Migration.Fencing;
using ChangeFeed.Migration.Plan;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>The containers a directory entry may name: the one from before any migration, and the one a migration goes to.</summary>
internal sealed class DirectedSides(
    EpochDirectory directory, AccountClients accounts, ContainerLocation home, IReadOnlyList<string> partitionKey, Transformations transformations)
{
    private readonly MigrationStore _migrations = new(directory.Documents, directory.Name);
    private volatile Known? _latest;

    private sealed record Known(long Epoch, Container Container);

    public Container Home { get; } = accounts.Container(home);

    public Container Latest => _latest?.Container ?? Home;

    /// <summary>The container that serves in an epoch.</summary>
    public async ValueTask<Container> ServingAsync(DirectoryEntry entry, CancellationToken cancellationToken)
    {
        if (_latest is { } known && known.Epoch == entry.Epoch)
            return known.Container;
        var container = entry.Serving == home
            ? Home
            : await TranslatedAsync((await _migrations.PlanAsync(cancellationToken)).Plan, entry.Serving, cancellationToken);
        _latest = new Known(entry.Epoch, container);
        return container;
    }

    /// <summary>Null where the plan is of a later epoch than the entry, which is known in a moment.</summary>
    public async Task<DirectedRoute?> RouteAsync(DirectoryEntry entry, CancellationToken cancellationToken)
    {
        if (await _migrations.FindPlanAsync(cancellationToken) is not { Document: var plan } || (plan.Old != home && entry.Serving == home))
            return entry.Serving == home ? new DirectedRoute("", 1, new DirectedSide(home, Home), null) : throw Unknown(entry.Serving);
        var isOver = plan.State is MigrationState.Cancelled or MigrationState.Released;
        if (plan.Source != entry.Serving)
            return isOver ? throw Unknown(entry.Serving) : null;
        var serving = new DirectedSide(entry.Serving, await ServingAsync(entry, cancellationToken)) { Since = plan.IsFirst || isOver ? null : entry.Since };
        if (plan.IsFirst || isOver)
            return new DirectedRoute(plan.Key, plan.Generation, serving, null);
        var former = plan.Target == home ? Home : await TranslatedAsync(plan, plan.Target, cancellationToken);
        return new DirectedRoute(plan.Key, plan.Generation, serving, new DirectedSide(plan.Target, former) { Session = entry.FormerSession });
    }

    private async Task<Container> TranslatedAsync(MigrationPlan plan, ContainerLocation location, CancellationToken cancellationToken)
    {
        if (plan.Old != home || plan.New != location)
            throw Unknown(location);
        var there = await Side.ReadAsync(accounts, location, cancellationToken);
        return new TranslatedContainer(
            there.Container, new KeyTranslation(transformations.Get(plan.Transformation), new KeyPaths(partitionKey), there.Keys));
    }

    private MigrationException Unknown(ContainerLocation serving) => new(
        $"The directory says that {serving} serves, and migration '{directory.Name}' does not lead there from {home}: this program can follow one migration "
        + "from where its container was.");
}
