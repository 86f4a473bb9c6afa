using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using Microsoft.Data.Sqlite;
using Orders.SearchIndex;

namespace Orders.Sinks.Tests.Support;

/// <summary>The embedded search index in a directory of its own. It is down while somebody else holds it locked.</summary>
internal sealed class SearchOutside() : OrdersOutside<OrderEntry>(new SearchIndexProjection())
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteConnection? _locked;

    public string File(int generation = 1) => SearchIndexFile.In(_directory.Path, generation);

    public override Sink Define(Trouble trouble, SinkOptions options, int generation) => Sink.OfDocuments(
        new SearchIndexProjection(),
        _ => trouble.Around(new SqliteSearchSink(File(generation)), document => document.Key),
        options,
        e => e.Data is Contracts.PersonalDataErased,
        generation);

    public override Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation)
    {
        var entries = new Dictionary<string, string>();
        if (!System.IO.File.Exists(File(generation)))
            return Task.FromResult<IReadOnlyDictionary<string, string>>(entries);
        using var connection = SearchIndexFile.OpenToRead(File(generation));
        using var command = connection.Command("SELECT o.id, o.entry, w.text FROM orders o LEFT JOIN words w ON w.rowid = o.row WHERE o.entry IS NOT NULL");
        try
        {
            using var rows = command.ExecuteReader();
            while (rows.Read())
                entries[rows.GetString(0)] = Text((byte[])rows[1]);
        }
        catch (SqliteException e) when (e.Message.Contains("no such table"))
        {
            // It is being made.
        }

        return Task.FromResult<IReadOnlyDictionary<string, string>>(entries);
    }

    public override Task TakeDownAsync()
    {
        _locked = SearchIndexFile.OpenToWrite(File());
        using var command = _locked.Command("BEGIN IMMEDIATE");
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public override Task BringBackAsync()
    {
        _locked?.Dispose();
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _locked?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
