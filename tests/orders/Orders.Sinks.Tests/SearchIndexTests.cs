using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using Microsoft.Data.Sqlite;
using Orders.Contracts;
using Orders.Domain;
using Orders.SearchIndex;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>What customer care finds in the index, and what it does not find any more.</summary>
public sealed class SearchIndexTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteSearchSink _sink;
    private readonly SearchIndexReader _reader;
    private int _orders;

    public SearchIndexTests()
    {
        var file = SearchIndexFile.In(_directory.Path, 1);
        (_sink, _reader) = (new SqliteSearchSink(file), new SearchIndexReader(file));
    }

    public void Dispose()
    {
        _sink.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("keyboard", "a whole word")]
    [InlineData("KEYB", "a beginning, whatever its case")]
    [InlineData("mechanical key", "several words, the last a beginning")]
    [InlineData("keybaord", "two letters that changed places")]
    [InlineData("keyboad", "a letter too few")]
    [InlineData("mechanicall kezboard", "a slip in each of two words")]
    [InlineData("KB-77", "an article")]
    [InlineData("sp1", "a shipment")]
    [InlineData("c-1001", "a customer")]
    [InlineData("clavier", "without the accent it is written with")]
    public async Task An_order_is_found_by(string text, string why)
    {
        var id = await WriteAsync(OrderStream.Placed(sku: "KB-77") with
        {
            Lines = [new OrderLine("KB-77", "Mechanical Keyboard", 1, 10), new OrderLine("CL-1", "Clavïer", 1, 10)],
        }, OrderStream.Shipped());
        await WriteAsync(OrderStream.Placed() with { CustomerId = "c-2", Lines = [new OrderLine("MO-1", "Mouse", 1, 10)] });

        Find(text).ShouldBe([id], why);
    }

    [Theory]
    [InlineData("mechanical mouse")]
    [InlineData("keys with spaces")]
    [InlineData("moose trap")]
    [InlineData("\" OR words MATCH \"mouse")]
    [InlineData("***")]
    public async Task It_is_not_found_by(string text)
    {
        await WriteAsync(OrderStream.Placed() with { Lines = [new OrderLine("KB-77", "Mechanical Keyboard", 1, 10)] });
        await WriteAsync(OrderStream.Placed() with { Lines = [new OrderLine("MO-1", "Mouse", 1, 10)] });

        Find(text).ShouldBeEmpty();
    }

    [Fact]
    public async Task Facets_count_what_is_found_by_status_country_and_month()
    {
        await WriteAsync(OrderStream.Placed(country: "DE", region: null));
        await WriteAsync(OrderStream.Placed(country: "DE", region: null), OrderStream.Cancelled());
        await WriteAsync(OrderStream.Placed(country: "US"));

        var facets = _reader.Facets(new IndexQuery("keyboard"));

        facets.Status.ShouldBe([new FacetValue("Placed", 2), new FacetValue("Cancelled", 1)]);
        facets.Country.ShouldBe([new FacetValue("DE", 2), new FacetValue("US", 1)]);
        facets.Month.ShouldBe([new FacetValue("2026-03", 3)]);
        _reader.Facets(new IndexQuery("keyboard") { Status = OrderStatus.Cancelled }).Country.ShouldBe([new FacetValue("DE", 1)]);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_although_many_were_placed_at_one_moment()
    {
        var all = new List<string>();
        for (var n = 0; n < 7; n++)
            all.Add(await WriteAsync(OrderStream.Placed()));

        var first = _reader.Find(new IndexQuery("keyboard"), 4, []);
        var rest = _reader.Find(new IndexQuery("keyboard") { Last = first[^1].PlacedAt }, 4, [.. first.Select(match => match.OrderId)]);

        first.Concat(rest).Select(match => match.OrderId).ShouldBe(all, ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_erased_is_found_by_nothing_and_not_a_byte_of_it_is_left_in_the_files()
    {
        var id = await WriteAsync(OrderStream.Placed(), new OrderCancelled("Rumpelstiltskin called"), new PersonalDataErased(60));

        Find("rumpelstiltskin").ShouldBeEmpty();
        Find(id).ShouldBeEmpty();
        using (var connection = SearchIndexFile.OpenToWrite(SearchIndexFile.In(_directory.Path, 1)))
        using (var command = connection.Command("PRAGMA wal_checkpoint(TRUNCATE)"))
            command.ExecuteNonQuery();
        foreach (var file in Directory.EnumerateFiles(_directory.Path))
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))
                .ToLowerInvariant().ShouldNotContain("rumpelstiltskin");
    }

    [Fact]
    public void An_index_that_is_not_there_says_so() => Should.Throw<SqliteException>(() => Find("keyboard"));

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_an_outside_that_takes_nothing()
    {
        await File.WriteAllTextAsync(_directory.File("taken"), "a file", TestContext.Current.CancellationToken);
        using var sink = new SqliteSearchSink(SearchIndexFile.In(_directory.File("taken"), 1));

        var refused = await Should.ThrowAsync<SinkUnavailableException>(
            async () => await sink.WriteAsync([new SinkDocument<OrderEntry>("a", 0, null)], TestContext.Current.CancellationToken));
        refused.Message.ShouldContain("taken");
    }

    private List<string> Find(string text) => [.. _reader.Find(new IndexQuery(text), 10, []).Select(match => match.OrderId)];

    /// <summary>Writes an order event by event, as the change feed brings them.</summary>
    private async Task<string> WriteAsync(params object[] events)
    {
        var id = $"0190a1b2-0000-7000-8000-{++_orders:x12}";
        var (projection, entry) = (new SearchIndexProjection(), default(OrderEntry));
        foreach (var e in OrderStream.Given(events).Events.Select(e => e with { StreamId = id }))
        {
            entry = projection.Apply(entry, e)!;
            var document = new SinkDocument<OrderEntry>(id, e.Version, projection.Ends(entry) ? null : entry);
            await _sink.WriteAsync([document], TestContext.Current.CancellationToken);
        }

        return id;
    }
}
