using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Comparison;
using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Versions;

namespace ChangeFeed.Projections.Verify;

/// <summary>What verifying gave: what was folded, the documents there should be, and a line for each that is otherwise.</summary>
public sealed record VerifyResult(long Streams, long Events, long Documents, IReadOnlyList<string> Differences);

/// <summary>
/// Folds every stream and compares the result with every version of every view that is kept up to date. The system may be running: what
/// differs is looked at again until it is as its stream says, or has had time to become so. What is in memory is bounded: see <see cref="StreamShare"/>.
/// </summary>
/// <param name="containers">Where the views are.</param>
/// <param name="events">What they are made of.</param>
/// <param name="time">The time.</param>
/// <param name="progress">Told what is done.</param>
public sealed class Verifier(ViewDatabase containers, EventSource events, TimeProvider time, IProgressDisplay progress)
{
    /// <summary>Differences after which verifying ends.</summary>
    public const int Enough = 1000;

    /// <summary>How long a document may take to become what its stream says, where nothing else is given.</summary>
    public static readonly TimeSpan DefaultSettling = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a document may take to become what its stream says.</summary>
    public TimeSpan Settling { get; init; } = DefaultSettling;

    /// <summary>Streams in memory at a time: about 2 KB each and view.</summary>
    public int MaxStreams { get; init; } = 100_000;

    /// <summary>Compares these views with the events.</summary>
    public async Task<VerifyResult> RunAsync(IReadOnlyList<IView> views, CancellationToken cancellationToken)
    {
        var result = new VerifyResult(0, 0, 0, []);
        var versions = await VersionsAsync(views, cancellationToken);
        foreach (var (index, version) in versions.Where(v => views[v.Index] is ICountedView))
        {
            var count = new CountVerification(
                (ICountedView)views[index], containers.Version(views[index].Name, version), events.Feed, time, Settling, progress);
            var (documents, differences) = await count.RunAsync(cancellationToken);
            result = result with { Documents = result.Documents + documents, Differences = [.. result.Differences, .. differences] };
        }

        var share = new StreamShare(0, 1);
        while (share.Pass < share.Passes && result.Differences.Count < Enough)
        {
            progress.Begin(share.Passes == 1 ? "Reading all events" : $"Reading all events, pass {share.Pass + 1} of {share.Passes}");
            var folded = new FoldedStreams(events.Feed, views, share, MaxStreams);
            try
            {
                await folded.ReadAsync(progress, cancellationToken);
            }
            catch (TooManyStreamsException)
            {
                // What was verified before stays verified: the shares of more passes are parts of it.
                share = new StreamShare(share.Pass * 2, share.Passes * 2);
                continue;
            }

            result = result with { Streams = result.Streams + folded.Streams, Events = folded.Events };
            foreach (var (index, version) in versions.Where(v => views[v.Index] is not ICountedView))
            {
                progress.Begin($"Comparing {views[index].Name} v{version}");
                result = await CompareAsync(result, views[index], version, folded.Documents(index), share, cancellationToken);
            }

            share = share with { Pass = share.Pass + 1 };
        }

        return result;
    }

    private async Task<List<(int Index, int Version)>> VersionsAsync(IReadOnlyList<IView> views, CancellationToken cancellationToken)
    {
        var all = new List<(int, int)>();
        for (var i = 0; i < views.Count; i++)
        {
            var (versions, _) = await new RebuildStore(containers, views[i].Name).VersionsAsync(cancellationToken);
            all.AddRange(versions.Write.Where(v => v != versions.Building || versions.Read.Contains(v)).Select(v => (i, v)));
        }

        return all;
    }

    private async Task<VerifyResult> CompareAsync(
        VerifyResult result, IView view, int version, Dictionary<UInt128, (ViewKey Key, DocumentFacts Facts)> expected, StreamShare share,
        CancellationToken cancellationToken)
    {
        var container = containers.Version(view.Name, version);
        var scan = new ViewScan(view, container);
        var (documents, differences, doubtful) = (expected.Count, new List<string>(result.Differences), new List<(string, ViewKey)>());
        foreach (var range in await container.GetFeedRangesAsync(cancellationToken))
        {
            await foreach (var document in scan.ReadAsync(range, cancellationToken))
            {
                if (document.Facts is not { } facts)
                {
                    if (share.Pass == 0)
                        differences.Add($"{container.Id}: document '{document.Key.Id}' cannot be read: {document.Problem}");
                    expected.Remove(KeyHash.Of(document.Key));
                    continue;
                }

                if (!share.Has(facts.Stream))
                    continue;
                progress.Advance(1);
                if (!expected.Remove(KeyHash.Of(document.Key), out var wanted) || wanted.Facts != facts)
                    doubtful.Add((facts.Stream, document.Key));
            }
        }

        doubtful.AddRange(expected.Values.Select(missing => (missing.Facts.Stream, missing.Key)));
        foreach (var some in doubtful.Chunk(Enough).TakeWhile(_ => differences.Count < Enough))
            differences.AddRange(await SettleAsync(view, container.Id, scan, some, cancellationToken));
        return result with { Documents = result.Documents + documents, Differences = differences };
    }

    private async Task<IReadOnlyList<string>> SettleAsync(
        IView view, string container, ViewScan scan, IReadOnlyList<(string Stream, ViewKey Key)> doubtful, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var open = new List<((string Stream, ViewKey Key) Document, string Difference)>();
            foreach (var chunk in doubtful.Chunk(32))
            {
                var found = await Task.WhenAll(chunk.Select(d => DifferenceAsync(view, scan, d.Stream, d.Key, cancellationToken)));
                open.AddRange(chunk.Zip(found).Where(p => p.Second is not null).Select(p => (p.First, p.Second!)));
            }

            if (open.Count == 0 || time.GetElapsedTime(started) > Settling)
                return [.. open.Select(o => $"{container}: document '{o.Document.Key.Id}' of stream {o.Document.Stream} {o.Difference}")];
            doubtful = [.. open.Select(o => o.Document)];
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<string?> DifferenceAsync(IView view, ViewScan scan, string stream, ViewKey key, CancellationToken cancellationToken)
    {
        // The document first: what is appended between the two reads makes the stream longer, and it is looked at again.
        var document = await scan.ReadAsync(key, cancellationToken);
        object? state = null;
        try
        {
            await foreach (var e in events.Store.ReadAsync(stream, cancellationToken: cancellationToken))
                state = view.Fold(state, e);
        }
        catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException)
        {
            // Up to here it could be read, and so far the views could come.
        }

        var wanted = view.Documents(state).Where(d => d.Key == key).Select(d => (DocumentFacts?)d.Facts).FirstOrDefault();
        return (document, wanted) switch
        {
            (null, null) or (null, { Ends: true }) => null,
            (null, { } w) => $"is missing; its events are at version {w.Version}.",
            ({ Facts: null } d, _) => $"cannot be read: {d.Problem}",
            (_, null) => "belongs to no events.",
            var (d, w) when d.Facts!.Value.Version != w!.Value.Version => $"is at version {d.Facts.Value.Version}; its events are at {w.Value.Version}.",
            var (d, w) when d.Facts!.Value != w!.Value => $"has other content than its events say at version {w.Value.Version}.",
            _ => null,
        };
    }
}
