using System.Globalization;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore.Snapshots;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Tests;

/// <summary>What is kept of the account in these tests.</summary>
internal sealed record Balance(int Deposits, bool Closed);

[JsonSerializable(typeof(Balance))]
internal sealed partial class BalanceJson : JsonSerializerContext;

/// <summary>Reactions to events of long streams.</summary>
public sealed class SnapshotTests(EventStoreFixture fixture) : IClassFixture<EventStoreFixture>, IAsyncLifetime
{
    private static readonly SnapshotForm<Balance> Form = new("balance", Schema: 1, new Balance(0, false), Fold, BalanceJson.Default.Balance);

    private readonly CosmosEventStore _store = fixture.Store;
    private StreamSnapshots<Balance> _snapshots = null!;
    private Container _container = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _container = await fixture.Container.Database.CreateContainerIfNotExistsAsync(
            "snapshots", StreamSnapshots<Balance>.PartitionKeyPath, cancellationToken: Stop);
        _snapshots = new StreamSnapshots<Balance>(_container, Form);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_reaction_to_a_stream_of_10_000_events_costs_as_much_as_to_one_of_10()
    {
        var (shortOne, longOne) = (await OpenAsync(9), await OpenAsync(9_999));
        await ReactAsync(longOne); // the first to look at it reads it, and takes the snapshot

        var few = await CostAsync(shortOne, 20);
        var many = await CostAsync(longOne, 20);

        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"RU per reaction: {few:0.0} and {many:0.0}"));
        many.ShouldBeLessThan(few * 1.5);
        (await _store.ReadStreamAsync(longOne, Stop)).Count.ShouldBe(10_000 + 1 + 40);
        (await StateAsync(longOne)).Deposits.ShouldBe(9_999 + 1 + 40);
    }

    [Fact]
    public async Task A_cause_that_comes_again_finds_what_it_did_behind_a_snapshot()
    {
        var stream = await OpenAsync(30);
        var cause = (await _store.ReadEventAsync(stream, 30, Stop))!;
        var first = await _store.ReactAsync(cause, "tax", _snapshots, Deposit, null, Stop);
        for (var i = 0; i < 60; i++)
            await ReactAsync(stream); // snapshots are taken far behind the cause

        var again = await _store.ReactAsync(cause, "tax", _snapshots, Deposit, null, Stop);

        again.AlreadyDone.ShouldBeTrue();
        again.Events.Single().Meta.EventId.ShouldBe(first.Events.Single().Meta.EventId);
    }

    [Theory]
    [InlineData("""{"id":"balance","streamId":"ID","schema":2,"version":30,"eventId":"EVENT","state":{"Deposits":7,"Closed":false}}""")]
    [InlineData("""{"id":"balance","streamId":"ID","schema":1,"version":30,"eventId":"00000000-0000-0000-0000-000000000001","state":{"Deposits":7}}""")]
    [InlineData("""{"id":"balance","streamId":"ID","schema":1,"version":900,"eventId":"EVENT","state":{"Deposits":7,"Closed":false}}""")]
    [InlineData("""{"id":"balance","streamId":"ID","schema":1,"version":30,"eventId":"EVENT","state":"seven"}""")]
    [InlineData("""{"id":"balance","streamId":"ID"}""")]
    public async Task A_snapshot_of_another_schema_or_of_what_the_stream_does_not_have_is_passed_over_and_made_anew(string snapshot)
    {
        var stream = await OpenAsync(40);
        var at30 = (await _store.ReadEventAsync(stream, 30, Stop))!.Meta.EventId;
        using var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(
            snapshot.Replace("ID", stream, StringComparison.Ordinal).Replace("EVENT", at30.ToString(), StringComparison.Ordinal)));
        (await _container.UpsertItemStreamAsync(body, new PartitionKey(stream), cancellationToken: Stop)).EnsureSuccessStatusCode();

        (await StateAsync(stream)).Deposits.ShouldBe(40);

        using var made = (await _container.ReadItemStreamAsync("balance", new PartitionKey(stream), cancellationToken: Stop)).EnsureSuccessStatusCode();
        using var reader = new StreamReader(made.Content);
        (await reader.ReadToEndAsync(Stop)).ShouldContain("\"version\":40,");
    }

    [Fact]
    public async Task Where_no_snapshot_can_be_taken_streams_are_read()
    {
        var nowhere = new StreamSnapshots<Balance>(fixture.Container.Database.GetContainer("not-there"), Form);
        var stream = await OpenAsync(40);
        var cause = (await _store.ReadEventAsync(stream, 40, Stop))!;

        (await _store.ReactAsync(cause, "tax", nowhere, Deposit, null, Stop)).Events.Single().Version.ShouldBe(41);
    }

    private static Balance Fold(Balance state, RecordedEvent e) => e.Data switch
    {
        MoneyDeposited => state with { Deposits = state.Deposits + 1 },
        AccountClosed => state with { Closed = true },
        _ => state,
    };

    private static ValueTask<IReadOnlyList<object>> Deposit(Balance state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<object>>(state.Closed ? [] : [Accounts.Deposited]);

    private async Task<string> OpenAsync(int deposits)
    {
        var id = Accounts.NewId();
        await _store.AppendAsync(id, CosmosEventStore.NoStream, [Accounts.Opened], new AppendContext("test"), Stop);
        for (var version = 0; version < deposits; version += 100)
            await _store.AppendAsync(
                id, version, [.. Enumerable.Repeat(Accounts.Deposited, Math.Min(100, deposits - version))], new AppendContext("test"), Stop);
        return id;
    }

    /// <summary>Reacts to the last event of a stream, as whoever handles it when it has come.</summary>
    private async Task<Reaction> ReactAsync(string stream) => await _store.ReactAsync(
        (await LastAsync(stream))!, $"test-{Guid.NewGuid()}", _snapshots, Deposit, null, Stop);

    private async Task<RecordedEvent?> LastAsync(string stream)
    {
        using var pages = fixture.Container.GetItemQueryIterator<long>(
            "SELECT VALUE MAX(c.version) FROM c", requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(stream) });
        return await _store.ReadEventAsync(stream, (await pages.ReadNextAsync(Stop)).Single(), Stop);
    }

    private async Task<double> CostAsync(string stream, int times)
    {
        var spent = 0d;
        for (var i = 0; i < times; i++)
        {
            var cause = (await LastAsync(stream))!;
            var before = fixture.Spy.RequestCharge;
            await _store.ReactAsync(cause, $"test-{i}", _snapshots, Deposit, null, Stop);
            spent += fixture.Spy.RequestCharge - before;
            await _store.AppendAsync(stream, cause.Version + 1, [Accounts.Deposited], new AppendContext("test"), Stop);
        }

        return spent / times;
    }

    private async Task<Balance> StateAsync(string stream)
    {
        Balance? seen = null;
        await _store.ReactAsync(
            (await LastAsync(stream))!,
            $"test-{Guid.NewGuid()}",
            _snapshots,
            (state, _) =>
            {
                seen = state;
                return ValueTask.FromResult<IReadOnlyList<object>>([]);
            },
            null,
            Stop);
        return seen!;
    }
}
