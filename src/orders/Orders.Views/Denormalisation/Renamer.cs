using ChangeFeed.Projections;
using ChangeFeed.Projections.Versions;
using ChangeFeed.Projections.Writing;
using ChangeFeed.ServiceDefaults;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;
using Orders.Views.Projections;

namespace Orders.Views.Denormalisation;

/// <summary>
/// Brings the name of a customer or product into every open order of every version of the views. How far it is is saved after every page:
/// whoever does it next goes on there. A later name of the same customer or product takes the place of the one that is under way.
/// </summary>
public sealed class Renamer(OrdersDatabase database, ViewDirectory directory, ReferenceData references, IRenamingStore store, TimeProvider time)
{
    /// <summary>Orders that are given a name between two notes of how far it is.</summary>
    public const int PageSize = OrderPages.PageSize;

    /// <summary>How long after a name is there nobody uses the one before.</summary>
    public TimeSpan EverybodyKnows { get; init; } = KnownNames.EverybodyKnows;

    private static readonly IReadOnlyList<IShowsNames<OrderStatusDocument>> Views = AllViews.WithNames;

    // Renamings that read and write at the same time; those that wait for the second look are not counted.
    private readonly SemaphoreSlim _working = new(8);

    /// <summary>Brings the name that something has now everywhere, unless that was done. Can be repeated, and done by several at once.</summary>
    public async Task RunAsync(Reference reference, CancellationToken cancellationToken)
    {
        while (!await TryRunAsync(reference, cancellationToken))
        {
            // Another one is at it, or there is a later name: on from what is there now.
        }
    }

    private async Task<bool> TryRunAsync(Reference reference, CancellationToken cancellationToken)
    {
        if (await references.ReadNameAsync(reference, cancellationToken) is not { } name)
            return true;
        var seen = time.GetTimestamp(); // not before it was there
        var (renaming, etag) = await store.ReadAsync(reference, cancellationToken);
        if (renaming?.Version > name.Version)
            throw new IOException($"{reference.Kind} '{reference.Id}' was read at version {name.Version}, but version {renaming.Version} is known already.");
        if (renaming?.Version != name.Version)
        {
            renaming = await WorkAsync(() => BeginAsync(name, cancellationToken), cancellationToken);
            etag = await store.TryWriteAsync(renaming, etag, cancellationToken);
        }

        while (etag is not null && renaming!.State != RenamingState.Done)
        {
            if (renaming is { Next: null, State: RenamingState.Running } && EverybodyKnows - time.GetElapsedTime(seen) is { } wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, time, cancellationToken);
            renaming = await WorkAsync(() => StepAsync(renaming, name, cancellationToken), cancellationToken);
            etag = await store.TryWriteAsync(renaming, etag, cancellationToken);
            if (await references.ReadNameAsync(reference, cancellationToken) is { } now && now.Version > name.Version)
                return false;
        }

        return etag is not null;
    }

    private async Task<RenamingDocument> BeginAsync(ReferenceName name, CancellationToken cancellationToken)
    {
        var targets = await TargetsAsync(cancellationToken);
        var counts = await Task.WhenAll(targets.Select(t => Pages(t).CountAsync(Query(t, name), cancellationToken)));
        return RenamingDocument.Begin(name, targets, counts.Sum(), time.GetUtcNow());
    }

    private async Task<RenamingDocument> StepAsync(RenamingDocument renaming, ReferenceName name, CancellationToken cancellationToken)
    {
        if (renaming.Next is { } target)
        {
            var page = await Pages(target).ReadAsync(Query(target, name), target.Continuation, cancellationToken);
            var renamed = await Revision(target).ApplyAsync(page.Orders, (order, _) => new(OrderNames.With(order, name)), cancellationToken);
            return renaming.AfterPage(renamed, page.Continuation, time.GetUtcNow());
        }

        return renaming.State == RenamingState.Running
            ? renaming.Settle(await TargetsAsync(cancellationToken), time.GetUtcNow())
            : renaming.Finish(time.GetUtcNow());
    }

    private async Task<IReadOnlyList<RenamingTarget>> TargetsAsync(CancellationToken cancellationToken)
    {
        var targets = new List<RenamingTarget>();
        foreach (var view in Views)
            targets.AddRange((await directory.ReadAsync(view.Name, cancellationToken)).Write.Select(version => new RenamingTarget(view.Name, version)));
        return targets;
    }

    private OrderPages Pages(RenamingTarget target) => new(database.View(target.View, target.Version));

    private DocumentRevision<OrderStatusDocument> Revision(RenamingTarget target) => new(
        new CosmosViewStore<OrderStatusDocument>(database.View(target.View, target.Version), ReadModelsJson.Default.OrderStatusDocument), target.View,
        View(target).KeyOf);

    private static OrderQuery Query(RenamingTarget target, ReferenceName name) => OrderQuery.WithoutName(name, View(target).PartitionOf(name.Reference));

    private static IShowsNames<OrderStatusDocument> View(RenamingTarget target) => Views.Single(v => v.Name == target.View);

    private async Task<T> WorkAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _working.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _working.Release();
        }
    }
}
