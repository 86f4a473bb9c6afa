using ChangeFeed.MassTransit.DeadLetters;

namespace ChangeFeed.MassTransit.Tests.Support;

/// <summary>Dead letters with the conditions of the real store, in memory; every call may let others go first.</summary>
internal sealed class InMemoryDeadLetters(Random random) : IDeadLetterStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeadLetterDocument> _documents = [];
    private long _etag;

    public IReadOnlyList<DeadLetterDocument> All
    {
        get { lock (_lock) return [.. _documents.Values]; }
    }

    public void Create(DeadLetterDocument document)
    {
        lock (_lock)
            Put(document);
    }

    public Task<ParkedStream?> ReadStreamAsync(string stream, CancellationToken cancellationToken) =>
        ReadAsync<ParkedStream>(DeadLetterId.Stream(stream), cancellationToken);

    public Task<DeadLetter?> ReadLetterAsync(string stream, long version, CancellationToken cancellationToken) =>
        ReadAsync<DeadLetter>(DeadLetterId.Letter(stream, version), cancellationToken);

    public Task<DeadLetterRequest?> ReadRequestAsync(string id, CancellationToken cancellationToken) => ReadAsync<DeadLetterRequest>(id, cancellationToken);

    public async Task<AddLetterResult> AddLetterAsync(DeadLetter letter, ParkedStream? stream, CancellationToken cancellationToken)
    {
        await OthersAsync(cancellationToken);
        lock (_lock)
        {
            if (_documents.ContainsKey(letter.Id))
                return AddLetterResult.AlreadyThere;
            if (stream is not null && _documents.GetValueOrDefault(stream.Id)?.ETag != stream.ETag)
                return AddLetterResult.StreamChanged;
            Put(letter);
            if (stream is not null)
                Put(stream);
            return AddLetterResult.Added;
        }
    }

    public async Task<bool> TryReplaceAsync(DeadLetter letter, ParkedStream stream, CancellationToken cancellationToken)
    {
        await OthersAsync(cancellationToken);
        lock (_lock)
        {
            if (new DeadLetterDocument[] { letter, stream }.Any(document => _documents.GetValueOrDefault(document.Id)?.ETag != document.ETag))
                return false;
            Put(letter);
            Put(stream);
            return true;
        }
    }

    public async Task<bool> TryReplaceAsync(DeadLetterDocument document, CancellationToken cancellationToken)
    {
        await OthersAsync(cancellationToken);
        lock (_lock)
        {
            if (_documents.GetValueOrDefault(document.Id)?.ETag != document.ETag)
                return false;
            Put(document);
            return true;
        }
    }

    public async Task<IReadOnlyList<DeadLetter>> WaitingAsync(string stream, CancellationToken cancellationToken)
    {
        await OthersAsync(cancellationToken);
        return [.. All.OfType<DeadLetter>().Where(l => l.StreamId == stream && l.Status == DeadLetterStatus.Waiting).OrderBy(l => l.Version)];
    }

    public async Task<IReadOnlyList<string>> ParkedStreamsAsync(CancellationToken cancellationToken)
    {
        await OthersAsync(cancellationToken);
        return [.. All.OfType<ParkedStream>().Where(s => s.Status == ParkedStreamStatus.Parked).Select(s => s.StreamId)];
    }

    public async Task<IReadOnlyList<DeadLetterRequest>> OpenRequestsAsync(CancellationToken cancellationToken)
    {
        await OthersAsync(cancellationToken);
        return [.. All.OfType<DeadLetterRequest>().Where(r => r.Status == DeadLetterRequestStatus.Open)];
    }

    private async Task<T?> ReadAsync<T>(string id, CancellationToken cancellationToken)
        where T : DeadLetterDocument
    {
        await OthersAsync(cancellationToken);
        lock (_lock)
            return _documents.GetValueOrDefault(id) as T;
    }

    private async Task OthersAsync(CancellationToken cancellationToken)
    {
        int steps;
        lock (_lock)
            steps = random.Next(3);
        for (var step = 0; step < steps; step++)
            await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Put(DeadLetterDocument document) =>
        _documents[document.Id] = document with { ETag = (++_etag).ToString(System.Globalization.CultureInfo.InvariantCulture) };
}
