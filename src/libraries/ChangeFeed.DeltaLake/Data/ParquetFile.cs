using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace ChangeFeed.DeltaLake.Data;

/// <summary>The rows of a data file.</summary>
internal static class ParquetFile
{
    // Few enough that one stream is found without reading much; engines read files of some groups as well as of one.
    private const int RowsOfGroup = 20_000;

    public static async Task<byte[]> WriteAsync(IReadOnlyList<DeltaField> fields, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var columns = fields.Select(ParquetColumns.Of).ToList();
        using var content = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(columns), content, new ParquetOptions { CompressionMethod = CompressionMethod.Snappy }, cancellationToken: cancellationToken))
        {
            foreach (var chunk in rows.Chunk(RowsOfGroup))
            {
                using var group = writer.CreateRowGroup();
                for (var i = 0; i < fields.Count; i++)
                    await ParquetColumns.WriteAsync(group, fields[i], columns[i], Array.ConvertAll(chunk, row => row[i]), cancellationToken);
            }
        }

        return content.ToArray();
    }

    /// <summary>Reads some columns of the rows whose first one is wanted, or of all; columns that the file does not have are empty.</summary>
    /// <exception cref="DeltaTableException">The file is damaged, or one of the columns is of another type.</exception>
    public static async IAsyncEnumerable<object?[]> ReadAsync(
        Stream file,
        string name,
        IReadOnlyList<DeltaField> fields,
        Predicate<object?>? isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await OpenAsync(file, name, cancellationToken);
        var columns = fields.Select(field => reader.Schema.DataFields.FirstOrDefault(column => column.Path.ToString() == field.Name)).ToList();
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var (read, wanted) = (new object?[]?[fields.Count], Enumerable.Range(0, (int)group.RowCount));
            for (var i = 0; i < fields.Count; i++)
            {
                read[i] = columns[i] is { } column ? await ReadAsync(group, name, fields[i], column, cancellationToken) : null;
                if (i > 0 || isWanted is null)
                    continue;
                wanted = wanted.Where(row => isWanted(read[0]?[row])).ToList();
                if (!wanted.Any())
                    break;
            }

            foreach (var row in wanted)
                yield return Array.ConvertAll(read, values => values?[row]);
        }
    }

    private static async Task<ParquetReader> OpenAsync(Stream file, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: cancellationToken);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new DeltaTableException($"Data file {name} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<object?[]> ReadAsync(
        ParquetRowGroupReader group, string name, DeltaField field, DataField column, CancellationToken cancellationToken)
    {
        try
        {
            return await ParquetColumns.ReadAsync(group, field, column, cancellationToken);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new DeltaTableException($"Column '{field.Name}' of data file {name} cannot be read: {e.Message}", e);
        }
    }

    private static bool IsDamage(Exception e) =>
        e is ParquetException or IOException or InvalidDataException or ArgumentException or InvalidCastException or IndexOutOfRangeException
            or OverflowException;
}
