using ChangeFeed.EventStore;
using System.Globalization;
using Microsoft.Azure.Cosmos;
using ChangeFeed.MassTransit;
using Orders.Contracts;
using Orders.Hosting;
using ChangeFeed.ServiceDefaults.Views;
using Orders.Views.Denormalisation;
using Orders.Views.Tools;

namespace Orders.Views.Rebuild;

/// <summary>
/// Builds the next version of a view beside the one that serves, compares both and switches the readers. Each step is one conditional write
/// of the view's entry and can be taken again, so that another run goes on wherever one ended; several runs divide the partitions among them.
/// docs/adr/0008 has the argument why nobody ever reads backwards.
/// </summary>
public sealed class Rebuilder(OrdersDatabase database, CosmosEventStore store, TimeProvider time, IProgressDisplay progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly string _owner = ServiceInstance.NewName();
    private readonly HashSet<string> _unreadable = [];
    private readonly KnownNames _names = new(new ReferenceData(database).ReadNameAsync, time);

    /// <summary>How long it takes until all readers and writers know of a change: twice what their knowledge may be old.</summary>
    public TimeSpan EverybodyKnows { get; init; } = ViewDirectory.MaxAge * 2;

    /// <summary>How long two documents that differ may take to become equal.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Rebuilds a view.</summary>
    /// <returns>The version that serves now.</returns>
    /// <exception cref="ToolException">It cannot be done as things are; the message says what to do.</exception>
    public async Task<int> RunAsync(IView view, bool acceptDifferences, CancellationToken cancellationToken)
    {
        var book = new BuildBook(database, view.Name);
        var target = await BeginAsync(view, book, cancellationToken);
        await BuildAsync(view, book, target, cancellationToken);

        while (true)
        {
            var (versions, etag) = await book.VersionsAsync(cancellationToken);
            if (versions.Serving == target)
                return target;
            if (versions.Building != target)
                throw new ToolException($"v{target} of {view.Name} was removed while it was being built.");
            await book.TrySetVersionsAsync(await NextStepAsync(view, versions, acceptDifferences, cancellationToken), etag, cancellationToken);
        }
    }

    /// <summary>Does what must be done before the next step of the switch, and tells what it is.</summary>
    private async Task<ViewVersions> NextStepAsync(IView view, ViewVersions versions, bool acceptDifferences, CancellationToken cancellationToken)
    {
        var (older, newer) = (versions.Serving, versions.Building!.Value);
        var comparison = new VersionComparison(view, database.View(view.Name, older), database.View(view.Name, newer), time, Settling);
        if (versions.Read is [_])
        {
            await NameAsync(view, older, newer, cancellationToken);
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
    private async Task<int> BeginAsync(IView view, BuildBook book, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (versions, etag) = await book.VersionsAsync(cancellationToken);
            if (versions.Building is { } building)
                return building;
            if (versions.Write.Count > 1)
                throw new ToolException($"v{versions.Write.Min()} of {view.Name} is still kept. Remove it first: remove {view.Name} v{versions.Write.Min()}");

            var next = versions.Latest + 1;
            var properties = (await database.View(view.Name, versions.Serving).ReadContainerAsync(cancellationToken: cancellationToken)).Resource;
            await database.View(view.Name, 1).Database.CreateContainerIfNotExistsAsync(
                new ContainerProperties(database.View(view.Name, next).Id, properties.PartitionKeyPath)
                {
                    DefaultTimeToLive = properties.DefaultTimeToLive,
                    IndexingPolicy = properties.IndexingPolicy,
                    ChangeFeedPolicy = properties.ChangeFeedPolicy,
                },
                cancellationToken: cancellationToken);
            await book.TrySetVersionsAsync(new ViewVersions(versions.Read, [versions.Serving, next], next), etag, cancellationToken);
        }
    }

    private async Task BuildAsync(IView view, BuildBook book, int version, CancellationToken cancellationToken)
    {
        var reader = new ChangeFeedReader(database.Events, OrderEvents.Map);
        if (await book.PlanAsync(version, cancellationToken) is null)
        {
            // From here on every instance writes the new version too: what it handles later need not be found by reading.
            await WaitAsync("Running views take up the new version", cancellationToken);
            await book.CreatePlanAsync(version, [.. (await reader.RangesAsync(cancellationToken)).Select(r => r.ToJsonString())], cancellationToken);
        }

        if (await book.PlanAsync(version, cancellationToken) is not { } plan)
            return; // removed meanwhile, which the caller finds out
        progress.Begin($"Building {view.Name} v{version}");
        var counting = CountAsync(cancellationToken);
        var builder = new RangeBuilder(reader, CreateWriter(view, version, names: null), time, _owner, Unreadable);
        var (started, built) = (time.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(n => WorkAsync(n)));
        await counting;
        var elapsed = time.GetElapsedTime(started).TotalSeconds;
        progress.Say(string.Create(CultureInfo.InvariantCulture, $"Built {built} events in {elapsed:0.00} s, {built / Math.Max(elapsed, 0.001):0}/s."));

        void Written(int events)
        {
            Interlocked.Add(ref built, events);
            progress.Advance(events);
        }

        // Takes ranges until all are done, whoever does them; each worker begins elsewhere.
        async Task WorkAsync(int worker)
        {
            for (var done = 0; done < plan.Ranges.Count;)
            {
                done = 0;
                for (var i = 0; i < plan.Ranges.Count; i++)
                {
                    var (range, etag) = await book.RangeAsync(version, plan, (i + worker) % plan.Ranges.Count, cancellationToken);
                    if (range.Done)
                        done++;
                    else if (range.Owner is null || range.Until < time.GetUtcNow())
                        done += await builder.RunAsync(book, range, etag, Written, cancellationToken) ? 1 : 0;
                }

                if (done < plan.Ranges.Count)
                    await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        using var pages = database.Events.GetItemQueryIterator<long>("SELECT VALUE COUNT(1) FROM c");
        progress.Total((await pages.ReadNextAsync(cancellationToken)).Sum());
    }

    /// <summary>What does not come from events was not built.</summary>
    private async Task NameAsync(IView view, int older, int newer, CancellationToken cancellationToken)
    {
        if (AllViews.WithNames.FirstOrDefault(v => v.Name == view.Name) is not { } shows)
            return;
        progress.Begin("Naming customers and products");
        await new NamesOfVersion(shows, database, _names).RunAsync(older, newer, cancellationToken);
    }

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
            throw new ToolException(
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
        var writer = CreateWriter(view, newer, _names);
        foreach (var stream in await comparison.BehindAsync(progress, cancellationToken))
        {
            if (await store.ReadStreamAsync(stream, cancellationToken) is { Count: > 0 } events)
                await writer.ApplyAsync(events, cancellationToken);
        }
    }

    private IViewWriter CreateWriter(IView view, int version, KnownNames? names) =>
        view.CreateWriter(database.View(view.Name, version), (stream, from, to, ct) => store.ReadAsync(stream, from, to, ct), names);

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
