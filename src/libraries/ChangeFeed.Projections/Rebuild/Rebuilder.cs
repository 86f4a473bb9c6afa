using System.Globalization;
using System.Net;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Comparison;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Rebuild;

/// <summary>
/// Builds the next version of a view beside the one that serves, compares both and switches the readers. Each step is one conditional write
/// of the view's entry and can be taken again, so that another run goes on wherever one ended; several runs divide the partitions among them.
/// Nobody ever reads backwards meanwhile.
/// </summary>
/// <param name="containers">Where the views are.</param>
/// <param name="events">What they are made of.</param>
/// <param name="time">The time.</param>
/// <param name="progress">Told what is done.</param>
/// <param name="enrichment">Adds what does not come from events; null where no view shows any.</param>
public sealed class Rebuilder(
    ViewDatabase containers, EventSource events, TimeProvider time, IProgressDisplay progress, IViewEnrichment? enrichment = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly string _owner = ServiceInstance.NewName();
    private readonly HashSet<string> _unreadable = [];

    /// <summary>How long it takes until all readers and writers know of a change: twice what their knowledge may be old.</summary>
    public TimeSpan EverybodyKnows { get; init; } = ViewDirectory.MaxAge * 2;

    /// <summary>
    /// The same database through a client in bulk mode (<see cref="CosmosClientOptions.AllowBulkExecution"/>), which puts up to a hundred documents into a
    /// request; the new version is built through it. Null to build it document by document.
    /// </summary>
    public ViewDatabase? Bulk { get; init; }

    /// <summary>How long two documents that differ may take to become equal.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Rebuilds a view.</summary>
    /// <returns>The version that serves now.</returns>
    /// <exception cref="ViewCommandException">It cannot be done as things are; the message says what to do.</exception>
    public async Task<int> RunAsync(IView view, bool acceptDifferences, CancellationToken cancellationToken)
    {
        var store = new RebuildStore(containers, view.Name);
        var target = await BeginAsync(view, store, cancellationToken);
        await BuildAsync(view, store, target, cancellationToken);

        while (true)
        {
            var (versions, etag) = await store.VersionsAsync(cancellationToken);
            if (versions.Serving == target)
                return target;
            if (versions.Building != target)
                throw new ViewCommandException($"v{target} of {view.Name} was removed while it was being built.");
            await store.TrySetVersionsAsync(await NextStepAsync(view, versions, acceptDifferences, cancellationToken), etag, cancellationToken);
        }
    }

    /// <summary>Does what must be done before the next step of the switch, and tells what it is.</summary>
    private async Task<ViewVersions> NextStepAsync(IView view, ViewVersions versions, bool acceptDifferences, CancellationToken cancellationToken)
    {
        var (older, newer) = (versions.Serving, versions.Building!.Value);
        var comparison = new VersionComparison(view, containers.Version(view.Name, older), containers.Version(view.Name, newer), time, Settling);
        if (versions.Read is [_])
        {
            // What does not come from events was not built.
            if (enrichment is not null)
                await enrichment.BackfillAsync(view, older, newer, progress, cancellationToken);
            await CompareAsync(view, comparison, (older, newer), acceptDifferences, cancellationToken);
            return versions with { Read = [older, newer] };
        }

        if (versions.Write[0] == older)
        {
            await WaitAsync("All readers look at both versions", cancellationToken);
            return versions with { Write = [newer, older] };
        }

        await WaitAsync("Events go to the new version first", cancellationToken);
        await LevelAsync(view, comparison, newer, cancellationToken);
        return versions with { Read = [newer] };
    }

    /// <summary>Sees to it that there is a version being built, which every running instance of the views keeps up to date.</summary>
    private async Task<int> BeginAsync(IView view, RebuildStore store, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (versions, etag) = await store.VersionsAsync(cancellationToken);
            if (versions.Building is { } building)
                return building;
            if (versions.Write.Count > 1)
                throw new ViewCommandException(
                    $"v{versions.Write.Min()} of {view.Name} is still kept. Remove it first: remove {view.Name} v{versions.Write.Min()}");

            var next = versions.Latest + 1;
            await containers.CreateLikeAsync(view.Name, next, pattern: versions.Serving, cancellationToken);
            await store.TrySetVersionsAsync(new ViewVersions(versions.Read, [versions.Serving, next], next), etag, cancellationToken);
        }
    }

    private async Task BuildAsync(IView view, RebuildStore store, int version, CancellationToken cancellationToken)
    {
        if (await store.PlanAsync(version, cancellationToken) is null)
        {
            // From here on every instance writes the new version too: what it handles later need not be found by reading.
            await WaitAsync("Running views take up the new version", cancellationToken);
            await store.CreatePlanAsync(version, [.. (await events.Feed.RangesAsync(cancellationToken)).Select(r => r.ToJsonString())], cancellationToken);
        }

        if (await store.PlanAsync(version, cancellationToken) is not { } plan)
            return; // removed meanwhile, which the caller finds out
        progress.Begin($"Building {view.Name} v{version}");
        var counting = CountAsync(cancellationToken);
        var builder = new RangeBuilder(
            events.Feed, view.CreateWriter((Bulk ?? containers).Version(view.Name, version), events.ReadAsync, null), time, _owner, Unreadable);
        var (started, built) = (time.GetTimestamp(), 0L);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(n => WorkAsync(n)));
        }
        catch (CosmosException e) when (e.StatusCode == HttpStatusCode.BadRequest)
        {
            // A position means nothing in another container.
            if ((await ContainersReadAsync()).Append(await ServingContainerAsync(cancellationToken)).Distinct().Count() > 1)
                throw HaveMoved(view, version, e);
            throw;
        }

        await counting;
        if ((await ContainersReadAsync()).Distinct().Count() > 1)
            throw HaveMoved(view, version); // a stream is in another range there
        var elapsed = time.GetElapsedTime(started).TotalSeconds;
        progress.Say(string.Create(CultureInfo.InvariantCulture, $"Built {built} events in {elapsed:0.00} s, {built / Math.Max(elapsed, 0.001):0}/s."));

        async Task<IEnumerable<string?>> ContainersReadAsync()
        {
            var ranges = await Task.WhenAll(Enumerable.Range(0, plan.Ranges.Count).Select(i => store.RangeAsync(version, plan, i, cancellationToken)));
            return ranges.Select(r => r.Range.Position).OfType<string>().Select(FeedReadPage.ContainerOf);
        }

        void Written(int count)
        {
            Interlocked.Add(ref built, count);
            progress.Advance(count);
        }

        // Takes ranges until all are done, whoever does them; each worker begins elsewhere.
        async Task WorkAsync(int worker)
        {
            for (var done = 0; done < plan.Ranges.Count;)
            {
                done = 0;
                for (var i = 0; i < plan.Ranges.Count; i++)
                {
                    var (range, etag) = await store.RangeAsync(version, plan, (i + worker) % plan.Ranges.Count, cancellationToken);
                    if (range.Done)
                        done++;
                    else if (range.Owner is null || range.Until < time.GetUtcNow())
                        done += await builder.RunAsync(store, range, etag, Written, cancellationToken) ? 1 : 0;
                }

                if (done < plan.Ranges.Count)
                    await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task<string?> ServingContainerAsync(CancellationToken cancellationToken)
    {
        var options = new FeedReadOptions { Since = time.GetUtcNow() };
        await using var pages = events.Feed.ReadAsync(options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        return await pages.MoveNextAsync() ? FeedReadPage.ContainerOf(pages.Current.Position) : null;
    }

    private static ViewCommandException HaveMoved(IView view, int version, Exception? cause = null) => new(
        $"The events moved to another container while v{version} of {view.Name} was built from them. "
        + $"Begin anew: remove {view.Name} v{version}, then rebuild.",
        cause);

    private async Task CountAsync(CancellationToken cancellationToken) => progress.Total(await events.CountAsync(cancellationToken));

    private async Task CompareAsync(
        IView view, VersionComparison comparison, (int Older, int Newer) versions, bool acceptDifferences, CancellationToken cancellationToken)
    {
        progress.Begin("Comparing");
        var result = await comparison.RunAsync(progress, cancellationToken);
        progress.Say(
            $"{view.Name} v{versions.Older} has {result.Documents.Older} documents, v{versions.Newer} has {result.Documents.Newer}; {result.Different} differ.");
        foreach (var line in result.Differences)
            progress.Say($"  {line}");
        if (result.Different > 0 && !acceptDifferences)
            throw new ViewCommandException(
                $"v{versions.Older} keeps serving, since v{versions.Newer} says something else. Where the new one is right, because the old one is damaged or "
                + "the projection was changed, run the same command again with --accept-differences.");
    }

    /// <summary>
    /// An instance may have written an event to the old version and crashed before the new one: it is still to be delivered again, and
    /// readers of the old version have seen it. From here on events go to the new version first, so bringing up what is behind once is enough.
    /// </summary>
    private async Task LevelAsync(IView view, VersionComparison comparison, int newer, CancellationToken cancellationToken)
    {
        if (view is ICountedView)
            return; // made of many streams, and read from one version: what is still to be delivered again is missing for a moment
        progress.Begin("Making sure that nothing goes backwards");
        var writer = CreateWriter(view, newer, enrichment);
        foreach (var stream in await comparison.BehindAsync(progress, cancellationToken))
        {
            if (await events.Store.ReadStreamAsync(stream, cancellationToken) is { Count: > 0 } run)
                await writer.ApplyAsync(run, cancellationToken);
        }
    }

    private IViewWriter CreateWriter(IView view, int version, IViewEnrichment? with) =>
        view.CreateWriter(containers.Version(view.Name, version), events.ReadAsync, with);

    private async Task WaitAsync(string what, CancellationToken cancellationToken)
    {
        progress.Begin(what);
        await Task.Delay(EverybodyKnows, time, cancellationToken);
    }

    private void Unreadable(string stream, string problem)
    {
        bool first;
        lock (_unreadable)
            first = _unreadable.Add(stream);
        if (first)
            progress.Say($"Stream {stream} is built only up to an event that cannot be read: {problem}");
    }
}
