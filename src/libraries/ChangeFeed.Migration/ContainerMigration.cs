using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Copy;
using ChangeFeed.Migration.Fencing;
using ChangeFeed.Migration.Plan;
using ChangeFeed.Migration.Switch;
using ChangeFeed.Migration.Verify;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration;

/// <summary>
/// Moves a container to another partition key, database or account while it is used. Everything it knows is in documents, so that any process can
/// be killed at any moment and any other goes on.
/// </summary>
/// <param name="documents">Where migrations and directory entries are kept; partition key <c>/migration</c>, time to live on.</param>
/// <param name="name">Name of the migration, which is that of its directory entry.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="transformations">The transformations this process knows.</param>
/// <param name="time">The time.</param>
/// <param name="options">How long grants are good; the same as the members'.</param>
public sealed class ContainerMigration(
    Container documents, string name, AccountClients accounts, Transformations transformations, TimeProvider time, EpochOptions? options = null)
{
    private readonly MigrationStore _store = new(documents, name);
    private readonly EpochDirectory _directory = new(documents, name);

    /// <summary>How long two documents that differ may take to become equal before <see cref="VerifyAsync"/> says so.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Begins a migration: makes the new container and the directory entry. Nothing is carried before <see cref="RunAsync"/>.</summary>
    /// <param name="request">What is to be moved where.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MigrationException">It cannot be done as things are; the message says why.</exception>
    public async Task<MigrationPlan> PlanAsync(MigrationRequest request, CancellationToken cancellationToken = default)
    {
        transformations.Get(request.Transformation);
        if (request.From == request.To)
            throw new MigrationException($"{request.From} is where the documents are: name another container, database or account.");
        var known = await _store.FindPlanAsync(cancellationToken);
        if (known is { Document.State: not (MigrationState.Cancelled or MigrationState.Released) })
            throw new MigrationException($"Migration '{name}' is under way, to {known.Value.Document.New}: cancel or release it first.");
        await TargetContainer.PrepareAsync(accounts, request, cancellationToken);
        await ServeAsync(request.From, cancellationToken);
        var source = accounts.Container(request.From);
        var ranges = await source.GetFeedRangesAsync(cancellationToken);
        var plan = new MigrationPlan(MigrationPlan.Document, name, Guid.NewGuid().ToString("N")[..8], request.From, request.To)
        {
            Transformation = request.Transformation,
            RequestUnits = request.RequestUnits,
            Ranges = [.. ranges.Select(r => r.ToJsonString())],
            Versions = await Side.HasVersionsAsync(source, cancellationToken),
            Begun = time.GetUtcNow(),
        };
        await ForgetAsync(cancellationToken);
        return await _store.TrySetPlanAsync(plan, known?.ETag, cancellationToken) is null
            ? throw new MigrationException($"Migration '{name}' was begun by somebody else at the same moment.")
            : plan;
    }

    /// <summary>Says which container serves, where nothing says so yet.</summary>
    /// <param name="serving">The container.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MigrationException">Another one serves.</exception>
    public async Task ServeAsync(ContainerLocation serving, CancellationToken cancellationToken = default)
    {
        await _directory.TrySetAsync(DirectoryEntry.First(name, serving, time.GetUtcNow()), null, cancellationToken);
        var (there, _) = await _directory.ReadAsync(cancellationToken);
        if (there.Serving != serving)
            throw new MigrationException($"The directory says that {there.Serving} serves, not {serving}.");
    }

    /// <summary>Carries documents until the migration is over. Several processes divide the ranges among them.</summary>
    /// <param name="untilCurrent">Whether to end as soon as everything is copied and the end of the feed was seen.</param>
    /// <param name="cancellationToken">Ends it; others take over at once.</param>
    /// <exception cref="MigrationException">There is no such migration.</exception>
    public Task RunAsync(bool untilCurrent = false, CancellationToken cancellationToken = default) =>
        new MigrationRunner(_store, accounts, transformations, time).RunAsync(untilCurrent, cancellationToken);

    /// <summary>Compares both sides, as far as they changed since the last look that found nothing.</summary>
    /// <param name="full">Whether to compare everything.</param>
    /// <param name="requestUnits">Request units per second it may use; null for no limit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<VerifyReport> VerifyAsync(bool full = false, double? requestUnits = null, CancellationToken cancellationToken = default)
    {
        var (plan, _) = await _store.PlanAsync(cancellationToken);
        var work = await RangeWork.CreateAsync(plan, accounts, transformations, new RequestBudget(time) { Limit = requestUnits }, time, cancellationToken);
        return await new MigrationVerifier(_store, work, Settling).RunAsync(full, cancellationToken);
    }

    /// <summary>Lets the new container serve.</summary>
    /// <param name="progress">Told what is done.</param>
    /// <param name="cancellationToken">Ends it; the container that served goes on.</param>
    /// <exception cref="MigrationException">It cannot be done as things are.</exception>
    public Task<SwitchResult> CutoverAsync(Action<string>? progress = null, CancellationToken cancellationToken = default) =>
        SwitchAsync(forward: true, progress, cancellationToken);

    /// <summary>Lets the old container serve again, with all that was written to the new one.</summary>
    /// <param name="progress">Told what is done.</param>
    /// <param name="cancellationToken">Ends it; the container that served goes on.</param>
    /// <exception cref="MigrationException">It cannot be done as things are.</exception>
    public Task<SwitchResult> RollbackAsync(Action<string>? progress = null, CancellationToken cancellationToken = default) =>
        SwitchAsync(forward: false, progress, cancellationToken);

    /// <summary>Stops carrying until <see cref="ResumeAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task PauseAsync(CancellationToken cancellationToken = default) =>
        ToAsync(MigrationState.Paused, cancellationToken, MigrationState.Running, MigrationState.Paused);

    /// <summary>Goes on carrying.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task ResumeAsync(CancellationToken cancellationToken = default) =>
        ToAsync(MigrationState.Running, cancellationToken, MigrationState.Running, MigrationState.Paused);

    /// <summary>Gives the migration up before its cutover. What was carried stays, for whoever wants to delete the new container.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        var (plan, _) = await _store.PlanAsync(cancellationToken);
        if (plan.Source != plan.Old)
            throw new MigrationException($"{plan.New} serves: roll back first, or release {plan.Old}.");
        await ToAsync(MigrationState.Cancelled, cancellationToken, MigrationState.Running, MigrationState.Paused, MigrationState.Cancelled);
    }

    /// <summary>Ends the migration: the side that does not serve is no longer kept current, and there is no way back.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task ReleaseAsync(CancellationToken cancellationToken = default) =>
        ToAsync(MigrationState.Released, cancellationToken, MigrationState.Running, MigrationState.Paused, MigrationState.Released);

    /// <summary>How it stands.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<MigrationStatus> StatusAsync(CancellationToken cancellationToken = default)
    {
        var (plan, _) = await _store.PlanAsync(cancellationToken);
        var (entry, _) = await _directory.ReadAsync(cancellationToken);
        var ranges = await _store.RangesAsync(plan, cancellationToken);
        var counts = await accounts.Container(plan.Source).QueryAsync(
            new QueryDefinition("SELECT VALUE COUNT(1) FROM c"), count => count.GetInt64(), cancellationToken: cancellationToken);
        return new MigrationStatus(plan, entry, [.. ranges.Select(r => r.Range)], counts.Sum());
    }

    private async Task<SwitchResult> SwitchAsync(bool forward, Action<string>? progress, CancellationToken cancellationToken)
    {
        var (plan, _) = await _store.PlanAsync(cancellationToken);
        if (plan.State is MigrationState.Cancelled or MigrationState.Released)
            throw new MigrationException($"Migration '{name}' is over: there is nothing to switch to.");
        if (plan.Source == plan.Old != forward)
            throw new MigrationException($"{plan.Source} serves already.");
        if (forward && transformations.Get(plan.Transformation).Backward is null)
            progress?.Invoke($"Transformation '{plan.Transformation}' has no way back: this cannot be rolled back");
        if (!(await StatusAsync(cancellationToken)).IsCurrent)
            throw new MigrationException("Not everything is carried yet: let 'run' go on until 'status' says it follows.");
        progress?.Invoke("Comparing what changed since the last look");
        var report = await VerifyAsync(cancellationToken: cancellationToken);
        if (!report.IsClean)
            throw new MigrationException($"{report.Different} documents differ; 'verify' names them. First: {report.Differences[0]}");
        return await new MigrationSwitch(
            _store, _directory, accounts, transformations, options ?? new EpochOptions(), time, progress ?? (_ => { })).RunAsync(cancellationToken);
    }

    private async Task ToAsync(MigrationState state, CancellationToken cancellationToken, params MigrationState[] from)
    {
        await _store.ChangePlanAsync(
            plan => from.Contains(plan.State)
                ? plan with { State = state }
                : throw new MigrationException($"Migration '{name}' is {plan.State.ToString().ToLowerInvariant()}: that cannot be done now."),
            cancellationToken);
    }

    /// <summary>Forgets how far an earlier migration of this name was.</summary>
    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var query = new QueryDefinition("SELECT VALUE c.id FROM c WHERE STARTSWITH(c.id, 'g') OR STARTSWITH(c.id, 'verified-')");
        var partition = new PartitionKey(name);
        var ids = await documents.QueryAsync(
            query, id => id.GetString()!, new QueryRequestOptions { PartitionKey = partition }, cancellationToken);
        foreach (var id in ids)
            (await documents.DeleteItemStreamAsync(id, partition, cancellationToken: cancellationToken)).Dispose();
    }
}
