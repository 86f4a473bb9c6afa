using Microsoft.Data.Sqlite;
using Orders.Domain;

namespace Orders.SearchIndex;

/// <summary>What is looked for in the index; everything that is given has to hold.</summary>
/// <param name="Text">Words, of which each must be in the order, as a beginning or with a slip; or a customer, a shipment, the beginning of an id.</param>
public sealed record IndexQuery(string Text)
{
    /// <summary>Only orders in this status.</summary>
    public OrderStatus? Status { get; init; }

    /// <summary>Only orders of this customer.</summary>
    public string? Customer { get; init; }

    /// <summary>Only orders placed since then.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only orders placed before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only orders placed then or before: where the page before ended.</summary>
    public DateTimeOffset? Last { get; init; }
}

/// <summary>An order that was found.</summary>
public readonly record struct IndexMatch(string OrderId, DateTimeOffset PlacedAt);

/// <summary>How many of the orders found have which value.</summary>
public sealed record FacetValue(string Value, long Orders);

/// <summary>The facets of what was found.</summary>
public sealed record SearchFacets(IReadOnlyList<FacetValue> Status, IReadOnlyList<FacetValue> Country, IReadOnlyList<FacetValue> Month);

/// <summary>Looks orders up in an index, from any process on the machine, while the sink writes it.</summary>
/// <param name="file">The index.</param>
public sealed class SearchIndexReader(string file)
{
    private const int MaxFacetValues = 12;

    private const string Matches = """
        FROM orders o WHERE o.entry IS NOT NULL
        AND (($match IS NOT NULL AND o.row IN (SELECT rowid FROM words WHERE words MATCH $match))
          OR o.customer = $text OR o.tracking = $text OR ($length >= 8 AND o.id >= $text AND o.id < $text || x'7f'))
        AND ($status IS NULL OR o.status = $status) AND ($customer IS NULL OR o.customer = $customer)
        AND ($from IS NULL OR o.placed_at >= $from) AND ($to IS NULL OR o.placed_at < $to) AND ($last IS NULL OR o.placed_at <= $last)
        """;

    /// <summary>Orders, the latest first.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="except">Orders that are known already.</param>
    /// <exception cref="SqliteException">The index is not there, or cannot be read.</exception>
    public IReadOnlyList<IndexMatch> Find(IndexQuery query, int most, IReadOnlyCollection<string> except)
    {
        using var connection = SearchIndexFile.OpenToRead(file);
        using var command = Command(connection, $"SELECT o.id, o.placed_at {Matches} ORDER BY o.placed_at DESC LIMIT $most", query);
        command.Parameters.AddWithValue("$most", most + except.Count);
        using var rows = command.ExecuteReader();
        var found = new List<IndexMatch>();
        while (rows.Read() && found.Count < most)
            if (!except.Contains(rows.GetString(0)))
                found.Add(new IndexMatch(rows.GetString(0), new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero)));
        return found;
    }

    /// <summary>What the orders that are found are like.</summary>
    /// <exception cref="SqliteException">The index is not there, or cannot be read.</exception>
    public SearchFacets Facets(IndexQuery query)
    {
        using var connection = SearchIndexFile.OpenToRead(file);
        return new SearchFacets(Count("status"), Count("country"), Count("month"));

        List<FacetValue> Count(string column)
        {
            using var command = Command(
                connection, $"SELECT o.{column}, COUNT(*) {Matches} GROUP BY o.{column} ORDER BY COUNT(*) DESC, o.{column} LIMIT {MaxFacetValues}", query);
            using var rows = command.ExecuteReader();
            var values = new List<FacetValue>();
            while (rows.Read())
                values.Add(new FacetValue(rows.GetString(0), rows.GetInt64(1)));
            return values;
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, IndexQuery query) => connection.Command(
        text,
        ("$match", WordMatch.Of(query.Text, word => Vocabulary(connection, word))),
        ("$text", query.Text),
        ("$length", query.Text.Length),
        ("$status", query.Status?.ToString()),
        ("$customer", query.Customer),
        ("$from", query.From?.UtcTicks),
        ("$to", query.To?.UtcTicks),
        ("$last", query.Last?.UtcTicks));

    /// <summary>The words of the index that are about as long; none where one of them begins like this.</summary>
    private static List<string> Vocabulary(SqliteConnection connection, string word)
    {
        using var begins = connection.Command(
            "SELECT 1 FROM vocabulary WHERE term >= $word AND term < $end LIMIT 1", ("$word", word), ("$end", word + '\uffff'));
        if (begins.ExecuteScalar() is not null)
            return [];
        var slips = EditDistance.Allowed(word);
        using var about = connection.Command(
            "SELECT term FROM vocabulary WHERE length(term) BETWEEN $least AND $most ORDER BY doc DESC",
            ("$least", word.Length - slips), ("$most", word.Length + slips));
        using var rows = about.ExecuteReader();
        var terms = new List<string>();
        while (rows.Read())
            terms.Add(rows.GetString(0));
        return terms;
    }
}
