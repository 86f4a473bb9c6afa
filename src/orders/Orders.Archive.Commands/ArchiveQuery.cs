using System.Globalization;
using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using DuckDB.NET.Data;

namespace Orders.Archive.Commands;

/// <summary>
/// Answers SQL with DuckDB, over the files that the log says a version consists of. DuckDB's own reader of Delta tables is an extension that is
/// downloaded; the log is read here instead. Files in a storage account are fetched first.
/// </summary>
/// <param name="storage">Where the table is.</param>
internal sealed class ArchiveQuery(ITableStorage storage)
{
    /// <summary>Writes what a query gives, in columns.</summary>
    /// <exception cref="DuckDBException">What is wrong with the query.</exception>
    public async Task RunAsync(DeltaSnapshot snapshot, string sql, TextWriter output, CancellationToken cancellationToken)
    {
        string? fetched = null;
        try
        {
            var root = storage is LocalTableStorage ? storage.Location : fetched = Directory.CreateTempSubdirectory("archive-").FullName;
            if (fetched is not null)
                await FetchAsync(snapshot, fetched, cancellationToken);
            await using var connection = new DuckDBConnection("DataSource=:memory:");
            await connection.OpenAsync(cancellationToken);
            await using (var view = connection.CreateCommand())
            {
                view.CommandText = View(snapshot, root);
                await view.ExecuteNonQueryAsync(cancellationToken);
            }

            await using var query = connection.CreateCommand();
            query.CommandText = sql;
            await using var rows = await query.ExecuteReaderAsync(cancellationToken);
            await PrintAsync(rows, output, cancellationToken);
        }
        finally
        {
            if (fetched is not null)
                Directory.Delete(fetched, recursive: true);
        }
    }

    // The columns of the table first, without a row: a file of an older build lacks some, and of no files there are none.
    private static string View(DeltaSnapshot snapshot, string root)
    {
        var columns = string.Join(", ", snapshot.Schema.Fields.Select(field => $"NULL::{TypeOf(field.Type)} AS \"{field.Name}\""));
        var files = string.Join(", ", snapshot.Files.Select(file => $"'{Path.Combine(root, file.Path).Replace("'", "''", StringComparison.Ordinal)}'"));
        var rows = files.Length == 0
            ? ""
            : $" UNION ALL BY NAME SELECT * FROM read_parquet([{files}], union_by_name = true, hive_partitioning = true, hive_types = {{'day': DATE}})";
        return $"CREATE VIEW events AS SELECT {columns} WHERE false{rows}";
    }

    private static string TypeOf(string type) => type switch
    {
        DeltaTypes.String => "VARCHAR",
        DeltaTypes.Long => "BIGINT",
        DeltaTypes.Integer => "INTEGER",
        DeltaTypes.Timestamp => "TIMESTAMPTZ",
        DeltaTypes.Date => "DATE",
        _ => type, // decimals are spelt alike
    };

    private async Task FetchAsync(DeltaSnapshot snapshot, string directory, CancellationToken cancellationToken)
    {
        foreach (var file in snapshot.Files)
        {
            var path = Path.Combine(directory, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var source = await storage.OpenAsync(file.Path, cancellationToken)
                ?? throw new DeltaTableException($"Data file {file.Path} of the table at {storage.Location} is gone.");
            await using var copy = File.Create(path);
            await source.CopyToAsync(copy, cancellationToken);
        }
    }

    private static async Task PrintAsync(System.Data.Common.DbDataReader rows, TextWriter output, CancellationToken cancellationToken)
    {
        var lines = new List<string[]> { Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).ToArray() };
        while (await rows.ReadAsync(cancellationToken))
            lines.Add(Enumerable.Range(0, rows.FieldCount).Select(column => Text(rows.GetValue(column))).ToArray());
        var widths = Enumerable.Range(0, rows.FieldCount).Select(column => lines.Max(line => line[column].Length)).ToList();
        foreach (var line in lines)
            await output.WriteLineAsync(string.Join("  ", line.Select((value, column) => value.PadRight(widths[column]))).TrimEnd());
    }

    private static string Text(object value) => value switch
    {
        DBNull => "",
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
