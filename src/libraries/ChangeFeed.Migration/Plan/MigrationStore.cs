using System.Globalization;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Plan;

/// <summary>Keeps a migration: its plan, and how far its ranges are. All of it is one logical partition.</summary>
/// <param name="documents">Where it is kept; partition key <c>/migration</c>.</param>
/// <param name="migration">Name of the migration.</param>
internal sealed class MigrationStore(Container documents, string migration)
{
    public string Migration => migration;

    public Task<(MigrationPlan Document, string ETag)?> FindPlanAsync(CancellationToken cancellationToken) =>
        documents.FindAsync(MigrationPlan.Document, migration, MigrationJson.Default.MigrationPlan, cancellationToken);

    /// <exception cref="MigrationException">There is none.</exception>
    public async Task<(MigrationPlan Plan, string ETag)> PlanAsync(CancellationToken cancellationToken) =>
        await FindPlanAsync(cancellationToken)
        ?? throw new MigrationException($"There is no migration '{migration}'; 'plan' begins one.");

    public Task<string?> TrySetPlanAsync(MigrationPlan plan, string? etag, CancellationToken cancellationToken) =>
        documents.TryWriteAsync(plan.Id, migration, plan, etag, MigrationJson.Default.MigrationPlan, cancellationToken);

    /// <summary>Changes the plan, whoever else changes it too.</summary>
    public async Task<MigrationPlan> ChangePlanAsync(Func<MigrationPlan, MigrationPlan> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (plan, etag) = await PlanAsync(cancellationToken);
            var next = change(plan);
            if (await TrySetPlanAsync(next, etag, cancellationToken) is not null)
                return next;
        }
    }

    public async Task<(MigrationRange Range, string? ETag)> RangeAsync(MigrationPlan plan, int index, CancellationToken cancellationToken)
    {
        var id = RangeId(plan.Generation, index);
        return await documents.FindAsync(id, migration, MigrationJson.Default.MigrationRange, cancellationToken) is { } found
            ? found
            : (new MigrationRange(id, migration, plan.Generation, plan.Ranges[index]), null);
    }

    public async Task<IReadOnlyList<(MigrationRange Range, string? ETag)>> RangesAsync(MigrationPlan plan, CancellationToken cancellationToken) =>
        await Task.WhenAll(Enumerable.Range(0, plan.Ranges.Count).Select(index => RangeAsync(plan, index, cancellationToken)));

    public Task<string?> TrySetRangeAsync(MigrationRange range, string? etag, CancellationToken cancellationToken) =>
        documents.TryWriteAsync(range.Id, migration, range, etag, MigrationJson.Default.MigrationRange, cancellationToken);

    public static string RangeId(int generation, int index) => string.Create(CultureInfo.InvariantCulture, $"g{generation}-{index}");

    public Task<(VerifiedRange Document, string ETag)?> FindVerifiedAsync(string id, CancellationToken cancellationToken) =>
        documents.FindAsync(id, migration, MigrationJson.Default.VerifiedRange, cancellationToken);

    public Task SetVerifiedAsync(VerifiedRange verified, CancellationToken cancellationToken) =>
        documents.UpsertAsync(migration, verified, MigrationJson.Default.VerifiedRange, cancellationToken);
}
