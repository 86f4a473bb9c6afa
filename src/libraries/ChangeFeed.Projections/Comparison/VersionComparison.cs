using System.Runtime.CompilerServices;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Comparison;

/// <summary>What comparing two versions of a view gave.</summary>
/// <param name="Documents">Documents of the older and of the newer version.</param>
/// <param name="Differences">The others, a line each; only the first few when there are many.</param>
/// <param name="Different">How many there are; comparing ends at <see cref="VersionComparison.Enough"/>.</param>
public sealed record ComparisonResult((long Older, long Newer) Documents, IReadOnlyList<string> Differences, long Different);

/// <summary>
/// Compares two versions of a view, document by document. Both are being written meanwhile, so what differs is looked at again until it is
/// equal or has had time to become so. In memory are 40 bytes per document of one partition of the view at a time.
/// </summary>
public sealed class VersionComparison(IView view, Container older, Container newer, TimeProvider time, TimeSpan settling)
{
    /// <summary>Most differences that are told one by one.</summary>
    public const int Told = 20;

    /// <summary>Differences after which comparing ends.</summary>
    public const int Enough = 1000;

    private const long Unreadable = -1;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ViewScan _older = new(view, older);
    private readonly ViewScan _newer = new(view, newer);

    /// <summary>Compares versions and contents. A document whose newer one is further is equal: the older is only late.</summary>
    public async Task<ComparisonResult> RunAsync(IProgressDisplay progress, CancellationToken cancellationToken)
    {
        long oldCount = 0, newCount = 0;
        var lines = new List<string>();
        await foreach (var range in PairsAsync(cancellationToken))
        {
            oldCount += range.Older;
            newCount += range.Newer;
            progress.Advance(range.Older);
            foreach (var some in range.Doubtful.Chunk(Enough))
            {
                lines.AddRange(await SettleAsync(some, cancellationToken));
                if (lines.Count >= Enough)
                    return Result();
            }
        }

        return Result();

        ComparisonResult Result() => new((oldCount, newCount), [.. lines.Take(Told)], lines.Count);
    }

    /// <summary>The streams whose newer document is behind the older one, or missing.</summary>
    public async Task<IReadOnlyList<string>> BehindAsync(IProgressDisplay progress, CancellationToken cancellationToken)
    {
        var streams = new List<string>();
        await foreach (var range in PairsAsync(cancellationToken))
        {
            progress.Advance(range.Older);
            foreach (var key in range.Doubtful)
            {
                var (old, @new) = (await _older.ReadAsync(key, cancellationToken), await _newer.ReadAsync(key, cancellationToken));
                if (old?.Facts is { } o && !(@new?.Facts?.Version >= o.Version) && !(o.Ends && @new is null))
                    streams.Add(o.Stream);
            }
        }

        return streams;
    }

    /// <summary>Range by range, the keys whose documents were not the same in both when they were read.</summary>
    private async IAsyncEnumerable<(List<ViewKey> Doubtful, int Older, int Newer)> PairsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The same ranges of both: equal partition keys, equal hashes, however each container is split.
        foreach (var range in await older.GetFeedRangesAsync(cancellationToken))
        {
            var there = new Dictionary<UInt128, (long Version, UInt128 Content)>();
            await foreach (var document in _newer.ReadAsync(range, cancellationToken))
                there[KeyHash.Of(document.Key)] = document.Facts is { } f ? (f.Version, f.Content) : (Unreadable, 0);
            var (newCount, oldCount) = (there.Count, 0);

            var doubtful = new List<ViewKey>();
            await foreach (var document in _older.ReadAsync(range, cancellationToken))
            {
                oldCount++;
                if (!there.Remove(KeyHash.Of(document.Key), out var other) || document.Facts is not { } f || (f.Version, f.Content) != other)
                    doubtful.Add(document.Key);
            }

            // What only the newer one has is no difference, unless it cannot be read: rare, so its keys are read again instead of being kept.
            if (there.Values.Any(left => left.Version == Unreadable))
            {
                await foreach (var document in _newer.ReadAsync(range, cancellationToken))
                {
                    if (document.Facts is null && there.ContainsKey(KeyHash.Of(document.Key)))
                        doubtful.Add(document.Key);
                }
            }

            yield return (doubtful, oldCount, newCount);
        }
    }

    private async Task<IReadOnlyList<string>> SettleAsync(IReadOnlyList<ViewKey> doubtful, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var open = new List<(ViewKey Key, string Difference)>();
        while (true)
        {
            open.Clear();
            foreach (var chunk in doubtful.Chunk(64))
            {
                var found = await Task.WhenAll(chunk.Select(key => DifferenceAsync(key, cancellationToken)));
                open.AddRange(chunk.Zip(found).Where(p => p.Second is not null).Select(p => (p.First, p.Second!)));
            }

            if (open.Count == 0 || time.GetElapsedTime(started) > settling)
                return [.. open.Select(o => o.Difference)];
            doubtful = [.. open.Select(o => o.Key)];
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<string?> DifferenceAsync(ViewKey key, CancellationToken cancellationToken)
    {
        // The older first: what is written between the two reads makes the newer one further, which is no difference.
        var (old, @new) = (await _older.ReadAsync(key, cancellationToken), await _newer.ReadAsync(key, cancellationToken));
        return (old, @new) switch
        {
            (null, null) or ({ Facts.Ends: true }, null) => null,
            ({ Facts: null }, { Facts: not null }) => $"{key.Id}: the older document cannot be read: {old.Problem}",
            (_, { Facts: null }) => $"{key.Id}: the newer document cannot be read: {@new.Problem}",
            (_, null) => $"{key.Id}: only the older version has it",
            (null, _) => null,
            var (o, n) when o.Facts!.Value.Version > n.Facts!.Value.Version =>
                $"{key.Id}: the newer version is at {n.Facts.Value.Version}, the older at {o.Facts.Value.Version}",
            var (o, n) when o.Facts!.Value.Version == n.Facts!.Value.Version && o.Facts.Value.Content != n.Facts.Value.Content =>
                $"{key.Id}: different content at version {o.Facts.Value.Version}",
            _ => null,
        };
    }
}
