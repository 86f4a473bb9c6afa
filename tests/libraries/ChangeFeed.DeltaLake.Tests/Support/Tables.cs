using ChangeFeed.DeltaLake.Storage;

namespace ChangeFeed.DeltaLake.Tests.Support;

/// <summary>A small table: numbers and words, by day.</summary>
internal static class Tables
{
    public static DeltaSchema Schema { get; } = new(
        [
            new DeltaField("number", DeltaTypes.Long, IsNullable: false),
            new DeltaField("word", DeltaTypes.String),
            new DeltaField("at", DeltaTypes.Timestamp),
            new DeltaField("price", DeltaTypes.Decimal(28, 4)),
            new DeltaField("pieces", DeltaTypes.Integer),
            new DeltaField("day", DeltaTypes.Date),
        ],
        ["day"]);

    public static IReadOnlyList<string> Columns { get; } = [.. Schema.Fields.Select(field => field.Name)];

    public static IReadOnlyDictionary<string, string?> Day(string day) => new Dictionary<string, string?> { ["day"] = day };

    public static object?[] Row(long number, string? word = "word") =>
        [number, word, DateTimeOffset.UnixEpoch.AddTicks(number * 10), number + 0.25m, (int)number];

    /// <summary>Adds rows, whoever else does.</summary>
    public static async Task<DeltaSnapshot> AddAsync(this DeltaTable table, DeltaSnapshot snapshot, string day, params long[] numbers)
    {
        var file = await table.WriteFileAsync(
            Schema, Day(day), [.. numbers.Select(number => Row(number))], cancellationToken: TestContext.Current.CancellationToken);
        while (true)
        {
            if (await table.TryCommitAsync(snapshot, new DeltaChange("WRITE") { Added = [file] }, TestContext.Current.CancellationToken) is { } made)
                return made;
            snapshot = await table.UpdateAsync(snapshot, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<List<object?[]>> RowsAsync(this DeltaTable table, DeltaSnapshot snapshot, IReadOnlyList<string>? columns = null)
    {
        var rows = new List<object?[]>();
        foreach (var file in snapshot.Files)
        {
            await foreach (var row in table.ReadAsync(snapshot, file, columns ?? Columns, TestContext.Current.CancellationToken))
                rows.Add(row);
        }

        return [.. rows.OrderBy(row => row[0])];
    }

    public static async Task<List<long>> NumbersAsync(this DeltaTable table, DeltaSnapshot snapshot) =>
        [.. (await table.RowsAsync(snapshot, ["number"])).Select(row => (long)row[0]!)];
}

/// <summary>A storage that a test stands in the way of.</summary>
internal sealed class TroubledStorage(ITableStorage inner) : ITableStorage
{
    /// <summary>Runs before a file is created.</summary>
    public Func<string, Task> BeforeCreate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after a file was created, before anybody knows; may change the answer, or throw.</summary>
    public Func<string, bool, bool> AfterCreate { get; set; } = (_, created) => created;

    public string Location => inner.Location;

    public Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken) => inner.OpenAsync(path, cancellationToken);

    public async Task<bool> TryCreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await BeforeCreate(path);
        return AfterCreate(path, await inner.TryCreateAsync(path, content, cancellationToken));
    }

    public Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.ReplaceAsync(path, content, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);
}
