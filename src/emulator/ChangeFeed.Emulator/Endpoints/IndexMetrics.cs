using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query.Execution;
using ChangeFeed.Emulator.Model.Indexing;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>The index metrics of a query in the two shapes clients ask for.</summary>
internal static class IndexMetrics
{
    /// <summary>Whether a client asks for them.</summary>
    public static bool AreWanted(CosmosRequest request) => request.Flag(Headers.PopulateIndexMetrics) || request.Flag(Headers.PopulateIndexMetricsV2);

    /// <summary>The value of the header: the newer shape is escaped, the older is Base64.</summary>
    public static string Of(IndexUse use, CosmosRequest request) => request.Flag(Headers.PopulateIndexMetricsV2)
        ? Uri.EscapeDataString(Encoding.UTF8.GetString(JsonBody.Write(writer => WriteNested(writer, use)).Span))
        : Convert.ToBase64String(JsonBody.Write(writer => WriteFlat(writer, use)).Span);

    private static void WriteNested(Utf8JsonWriter writer, IndexUse use)
    {
        writer.WriteStartObject();
        foreach (var (name, single, composite) in new[]
        {
            ("UtilizedIndexes", use.Single, use.Composite),
            ("PotentialIndexes", use.PotentialSingle, use.PotentialComposite),
        })
        {
            writer.WriteStartObject(name);
            Write(writer, "SingleIndexes", single, WriteSpec);
            Write(writer, "CompositeIndexes", composite, WriteSpecs);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteFlat(Utf8JsonWriter writer, IndexUse use)
    {
        writer.WriteStartObject();
        Write(writer, "UtilizedSingleIndexes", use.Single, WriteSpecWithFilter);
        Write(writer, "PotentialSingleIndexes", use.PotentialSingle, WriteSpecWithFilter);
        Write(writer, "UtilizedCompositeIndexes", use.Composite, WriteSpecs);
        Write(writer, "PotentialCompositeIndexes", use.PotentialComposite, WriteSpecs);
        writer.WriteEndObject();
    }

    private static void Write<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> indexes, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var index in indexes)
        {
            writer.WriteStartObject();
            write(writer, index);
            // All that is known: without the index every item is looked at.
            writer.WriteString("IndexImpactScore", "High");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteSpec(Utf8JsonWriter writer, string[] path) => writer.WriteString("IndexSpec", $"{IndexPath.Text(path)}/?");

    private static void WriteSpecWithFilter(Utf8JsonWriter writer, string[] path)
    {
        writer.WriteString("FilterExpression", "");
        WriteSpec(writer, path);
        writer.WriteBoolean("FilterPreciseSet", true);
        writer.WriteBoolean("IndexPreciseSet", true);
    }

    private static void WriteSpecs(Utf8JsonWriter writer, OrderedPath[] index)
    {
        writer.WriteStartArray("IndexSpecs");
        foreach (var part in index)
            writer.WriteStringValue($"{IndexPath.Text(part.Names)} {(part.Descending ? "DESC" : "ASC")}");
        writer.WriteEndArray();
    }
}
