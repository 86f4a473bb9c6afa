using ChangeFeed.EventStore;
using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Projections.Tests.Writing;

public sealed class FoldingWriterTests
{
    private readonly Recorder _recorder = new();
    private readonly FoldingWriter _writer;

    public FoldingWriterTests() => _writer = new FoldingWriter(_recorder);

    [Fact]
    public async Task Events_that_come_together_are_written_once_and_each_has_its_turn_without_a_write()
    {
        var events = Events("a", 4);

        await ApplyAsync(events, from: 0);
        await ApplyAsync(events, from: 1);
        await ApplyAsync(events, from: 2);
        await ApplyAsync(events, from: 3);
        await ApplyAsync(Events("a", 5), from: 4);

        // The first alone: what an enricher knows is put into the document as it is then.
        _recorder.Runs.ShouldBe(["a 0-0", "a 1-3", "a 4-4"]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_applied_fails_in_its_own_turn()
    {
        var events = Events("a", 4);
        _recorder.Refuses = 2;

        await ApplyAsync(events, from: 0);
        await ApplyAsync(events, from: 1);
        await Should.ThrowAsync<InvalidOperationException>(() => ApplyAsync(events, from: 2));

        _recorder.Runs.ShouldBe(["a 0-0", "a 1-1"]);
    }

    [Fact]
    public async Task Streams_are_told_apart()
    {
        await ApplyAsync(Events("a", 3), from: 1);
        await ApplyAsync(Events("b", 2), from: 1);

        _recorder.Runs.ShouldBe(["a 1-2", "b 1-1"]);
    }

    private Task ApplyAsync(IReadOnlyList<RecordedEvent> events, int from) =>
        _writer.ApplyAsync(events[from], [.. events.Skip(from + 1)], TestContext.Current.CancellationToken);

    private static IReadOnlyList<RecordedEvent> Events(string stream, int count) =>
        [.. Enumerable.Range(0, count).Select(version => new RecordedEvent(
            stream, version, "Happened", 1, version, new EventMeta(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "test", stream)))];

    private sealed class Recorder : IViewWriter
    {
        public List<string> Runs { get; } = [];

        public long? Refuses { get; set; }

        public Task ApplyAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken)
        {
            if (run.Any(e => e.Version == Refuses))
                throw new InvalidOperationException($"event {Refuses} is no good");
            Runs.Add($"{run[0].StreamId} {run[0].Version}-{run[^1].Version}");
            return Task.CompletedTask;
        }
    }
}
