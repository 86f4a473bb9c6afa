using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace ChangeFeed.DeltaLake.Data;

/// <summary>How the types of a table are columns of a Parquet file.</summary>
internal static class ParquetColumns
{
    public static DataField Of(DeltaField field) => field.Type switch
    {
        DeltaTypes.String => new DataField<string>(field.Name, field.IsNullable),
        DeltaTypes.Long => field.IsNullable ? new DataField<long?>(field.Name) : new DataField<long>(field.Name),
        DeltaTypes.Integer => field.IsNullable ? new DataField<int?>(field.Name) : new DataField<int>(field.Name),
        DeltaTypes.Timestamp => new DateTimeDataField(
            field.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, field.IsNullable),
        _ when PlacesOf(field.Type) is { } places => new DecimalDataField(field.Name, places.Precision, places.Scale, isNullable: field.IsNullable),
        _ => throw new DeltaTableException($"Column '{field.Name}' is {field.Type}, which is not read or written here."),
    };

    /// <summary>Precision and scale of a decimal; null for another type.</summary>
    public static (int Precision, int Scale)? PlacesOf(string type)
    {
        if (!type.StartsWith("decimal(", StringComparison.Ordinal) || !type.EndsWith(')'))
            return null;
        var parts = type["decimal(".Length..^1].Split(',');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var precision)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var scale) && precision is >= 1 and <= 28 && scale <= precision
                ? (precision, scale)
                : null;
    }

    public static Task WriteAsync(ParquetRowGroupWriter group, DeltaField field, DataField column, object?[] values, CancellationToken cancellationToken) =>
        field.Type switch
        {
            DeltaTypes.String => group.WriteAsync(column, Array.ConvertAll(values, value => (string?)value)),
            DeltaTypes.Long => WriteAsync<long>(group, column, values, value => (long)value, cancellationToken),
            DeltaTypes.Integer => WriteAsync<int>(group, column, values, value => (int)value, cancellationToken),
            DeltaTypes.Timestamp => WriteAsync<DateTime>(group, column, values, value => ((DateTimeOffset)value).UtcDateTime, cancellationToken),
            _ => WriteAsync<decimal>(group, column, values, value => (decimal)value, cancellationToken),
        };

    public static async Task<object?[]> ReadAsync(ParquetRowGroupReader group, DeltaField field, DataField column, CancellationToken cancellationToken)
    {
        var rows = checked((int)group.RowCount);
        switch (field.Type)
        {
            case DeltaTypes.String:
                var texts = new string?[rows];
                await group.ReadAsync(column, texts.AsMemory(), cancellationToken: cancellationToken);
                return texts;
            case DeltaTypes.Long:
                return await ReadAsync<long>(group, column, rows, value => value, cancellationToken);
            case DeltaTypes.Integer:
                return await ReadAsync<int>(group, column, rows, value => value, cancellationToken);
            case DeltaTypes.Timestamp:
                return await ReadAsync<DateTime>(
                    group, column, rows, value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)), cancellationToken);
            default:
                return await ReadAsync<decimal>(group, column, rows, value => value, cancellationToken);
        }
    }

    private static Task WriteAsync<T>(
        ParquetRowGroupWriter group, DataField column, object?[] values, Func<object, T> convert, CancellationToken cancellationToken)
        where T : struct => column.IsNullable
            ? group.WriteAsync<T>(
                column, Array.ConvertAll(values, value => value is null ? (T?)null : convert(value)).AsMemory(), cancellationToken: cancellationToken)
            : group.WriteAsync<T>(column, Array.ConvertAll(values, value => convert(value!)).AsMemory(), cancellationToken: cancellationToken);

    private static async Task<object?[]> ReadAsync<T>(
        ParquetRowGroupReader group, DataField column, int rows, Func<T, object> convert, CancellationToken cancellationToken)
        where T : struct
    {
        if (column.IsNullable)
        {
            var nullable = new T?[rows];
            await group.ReadAsync(column, nullable.AsMemory(), cancellationToken: cancellationToken);
            return Array.ConvertAll(nullable, value => value is { } there ? convert(there) : null);
        }

        var values = new T[rows];
        await group.ReadAsync(column, values.AsMemory(), cancellationToken: cancellationToken);
        return Array.ConvertAll<T, object?>(values, value => convert(value));
    }
}
