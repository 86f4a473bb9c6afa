using ChangeFeed.Migration.Plan;

namespace ChangeFeed.Migration.Copy;

/// <summary>What the ranges of one generation are carried with.</summary>
/// <param name="Plan">The migration.</param>
/// <param name="SourceSide">Where documents come from.</param>
/// <param name="TargetSide">Where they go.</param>
/// <param name="Transfer">What becomes of them.</param>
/// <param name="Budget">What may be spent.</param>
/// <param name="Time">The time.</param>
internal sealed record RangeWork(MigrationPlan Plan, Side SourceSide, Side TargetSide, Transfer Transfer, RequestBudget Budget, TimeProvider Time)
{
    public static async Task<RangeWork> CreateAsync(
        MigrationPlan plan, AccountClients accounts, Transformations transformations, RequestBudget budget, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var source = await Side.ReadAsync(accounts, plan.Source, cancellationToken);
        var target = await Side.ReadAsync(accounts, plan.Target, cancellationToken);
        return new RangeWork(plan, source, target, new Transfer(plan, source, target, transformations.Get(plan.Transformation), time), budget, time);
    }

    /// <summary>A mover of one range, as it was read.</summary>
    public RangeMover Mover(MigrationStore store, MigrationRange range, string? etag) => new(
        this,
        new(store.TrySetRangeAsync, (r, until) => r with { Until = until }, range, etag, RangeMover.LeaseDuration, Time),
        new RequestBudget(Time, Budget));
}
