using ChangeFeed.EventStore;
using ChangeFeed.Sinks.Testing;

namespace ChangeFeed.Sinks.Tests.Support;

/// <summary>The simplest outside there can be: a dictionary for each generation.</summary>
internal sealed class InMemoryOutside : SinkOutside
{
    private readonly Dictionary<int, InMemorySink> _sinks = new() { [1] = new(), [2] = new() };
    private readonly AccountProjection _projection = new();

    public override EventTypeMap Types => AccountProjection.Types;

    public override object? Erase { get; } = new OwnerForgotten();

    public override object Begin(int n) => new Opened($"owner {n}");

    public override object Continue(int version) => new Deposited(version);

    public override Sink Define(Trouble trouble, SinkOptions options, int generation) => Sink.OfDocuments(
        _projection, _ => trouble.Around(_sinks[generation], d => d.Key), options, e => e.Data is OwnerForgotten, generation);

    public override Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation) => Task.FromResult(_sinks[generation].Read());

    public override IReadOnlyDictionary<string, string> Expected(IEnumerable<IReadOnlyList<RecordedEvent>> streams) => streams
        .Select(stream => stream.Aggregate(default(Account), _projection.Apply)!)
        .Where(account => !account.IsForgotten)
        .ToDictionary(account => account.Id, account => account.ToString());

    public override Task TakeDownAsync() => SetAsync(isDown: true);

    public override Task BringBackAsync() => SetAsync(isDown: false);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task SetAsync(bool isDown)
    {
        foreach (var sink in _sinks.Values)
            sink.IsDown = isDown;
        return Task.CompletedTask;
    }
}

internal sealed class InMemorySink : ISink<SinkDocument<Account>>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SinkDocument<Account>> _documents = [];

    public volatile bool IsDown;

    public Task WriteAsync(IReadOnlyList<SinkDocument<Account>> batch, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new SinkUnavailableException("The dictionary is not there.");
        lock (_lock)
        {
            foreach (var document in batch)
                if (!_documents.TryGetValue(document.Key, out var there) || there.Version < document.Version)
                    _documents[document.Key] = document;
        }

        return Task.CompletedTask;
    }

    public IReadOnlyDictionary<string, string> Read()
    {
        lock (_lock)
            return _documents.Values.Select(d => d.Document).OfType<Account>().ToDictionary(account => account.Id, account => account.ToString());
    }
}
