using System.Text.Json;

namespace ChangeFeed.DeltaLake.Log;

/// <summary>The columns of a table as the text that metaData has of them.</summary>
internal static class SchemaJson
{
    public static string Write(DeltaSchema schema) => JsonSerializer.Serialize(
        new Struct("struct", [.. schema.Fields.Select(FieldOf)]),
        LogJson.Default.Struct);

    private static Field FieldOf(DeltaField field) =>
        new(field.Name, JsonSerializer.SerializeToElement(field.Type, LogJson.Default.String), field.IsNullable, []);

    public static DeltaSchema Read(MetadataAction metadata)
    {
        try
        {
            var read = JsonSerializer.Deserialize(metadata.SchemaString, LogJson.Default.Struct)!;
            return new DeltaSchema([.. read.Fields.Select(field => new DeltaField(field.Name, TypeOf(field.Type), field.Nullable))], metadata.PartitionColumns);
        }
        catch (JsonException e)
        {
            throw new DeltaTableException($"The schema of the table cannot be read: {e.Message}", e);
        }
    }

    // A struct, an array or a map is an object; such columns are named, and not read.
    private static string TypeOf(JsonElement type) => type.ValueKind == JsonValueKind.String ? type.GetString()! : type.GetRawText();

    internal sealed record Struct(string Type, IReadOnlyList<Field> Fields);

    internal sealed record Field(string Name, JsonElement Type, bool Nullable, Dictionary<string, JsonElement>? Metadata);
}
