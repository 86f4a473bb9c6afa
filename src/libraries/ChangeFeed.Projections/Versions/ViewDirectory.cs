using System.Collections.Concurrent;
using System.Diagnostics;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Versions;

/// <summary>
/// Tells readers and writers of a view which of its versions there are. What it tells was true at most <see cref="MaxAge"/> ago: whoever
/// changes the entry of a view waits that long before relying on everybody knowing. Costs nothing while nobody asks.
/// </summary>
public sealed class ViewDirectory(ViewDatabase containers, TimeProvider time)
{
    /// <summary>The oldest knowledge anybody acts on.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    // Asked again from this age on, but nobody waits for it.
    private static readonly TimeSpan FreshAge = MaxAge / 2;

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>The versions of a view.</summary>
    /// <exception cref="CosmosException">They are not known and the store cannot be asked.</exception>
    public ValueTask<ViewVersions> GetAsync(string view, CancellationToken cancellationToken = default) =>
        _entries.GetOrAdd(view, name => new Entry(token => ReadAsync(name, token), time)).GetAsync(cancellationToken);

    /// <summary>The entry of a view as it stands.</summary>
    public async Task<ViewVersions> ReadAsync(string view, CancellationToken cancellationToken) =>
        await containers.Metadata.FindAsync(ViewEntry.Document, view, ViewMetadataJson.Default.ViewEntry, cancellationToken) is { } entry
            ? entry.Document.Versions
            : ViewVersions.First;

    private sealed class Entry(Func<CancellationToken, Task<ViewVersions>> read, TimeProvider time)
    {
        private readonly Lock _lock = new();
        private (ViewVersions Versions, long Asked)? _known;
        private Task<ViewVersions>? _asking;

        public ValueTask<ViewVersions> GetAsync(CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                var age = _known is { } known ? time.GetElapsedTime(known.Asked) : TimeSpan.MaxValue;
                if (age < FreshAge)
                    return new(_known!.Value.Versions);
                var asking = _asking is { IsCompleted: false } ? _asking : _asking = AskAsync();
                return age < MaxAge ? new(_known!.Value.Versions) : new(WaitAsync(asking, cancellationToken));
            }
        }

        private async Task<ViewVersions> AskAsync()
        {
            await Task.Yield();
            Activity.Current = null; // whoever asks next has the answer too: it belongs to nobody's trace
            var asked = time.GetTimestamp(); // before the store answers, so that the age is never understated
            var versions = await read(CancellationToken.None);
            lock (_lock)
                _known = (versions, asked);
            return versions;
        }

        // An answer that took longer than MaxAge is too old already.
        private async Task<ViewVersions> WaitAsync(Task<ViewVersions> asking, CancellationToken cancellationToken)
        {
            await asking.WaitAsync(cancellationToken);
            lock (_lock)
            {
                if (_known is { } known && time.GetElapsedTime(known.Asked) < MaxAge)
                    return known.Versions;
            }

            return await GetAsync(cancellationToken);
        }
    }
}
