using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>The message of a refused query in the shape the service gives it, which programs read.</summary>
internal static class QueryErrors
{
    public static string Message(QueryException exception) => Encoding.UTF8.GetString(JsonBody.Write(writer =>
    {
        writer.WriteStartObject();
        if (exception is QuerySyntaxException { Detail: { } detail } syntax)
            WriteSyntax(writer, syntax, detail);
        else
            WriteOther(writer, exception.Message);
        writer.WriteEndObject();
    }).Span);

    private static void WriteSyntax(Utf8JsonWriter writer, QuerySyntaxException fault, string detail)
    {
        writer.WriteStartArray("errors");
        writer.WriteStartObject();
        writer.WriteString("severity", "Error");
        writer.WriteStartObject("location");
        writer.WriteNumber("start", fault.Position);
        writer.WriteNumber("end", fault.End);
        writer.WriteEndObject();
        writer.WriteString("code", $"SC{fault.Code}");
        writer.WriteString("message", $"{detail}.");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteOther(Utf8JsonWriter writer, string message)
    {
        writer.WriteStartArray("Errors");
        writer.WriteStringValue(message);
        writer.WriteEndArray();
    }
}
