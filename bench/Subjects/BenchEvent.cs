using System.Text;
using System.Text.Json;

namespace Bench.Subjects;

/// <summary>The document of all figures: shaped like a stored event, 1 KB.</summary>
internal static class BenchEvent
{
    public const int Size = 1024;

    private static readonly string Filler = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", 23));

    public static byte[] Write(string streamId, long version)
    {
        var head = $$"""{"id":"{{version}}","streamId":"{{streamId}}","version":{{version}},"type":"Measured","schema":1,"at":"{{DateTime.UtcNow:O}}","data":{"text":""" + "\"";
        return Encoding.UTF8.GetBytes(string.Concat(head, Filler.AsSpan(0, Size - head.Length - 3), "\"}}"));
    }

    /// <summary>Reads place and time of every document of a page, without binding the rest.</summary>
    public static List<Place> ReadPlaces(ReadOnlyMemory<byte> page)
    {
        var places = new List<Place>();
        var json = new Utf8JsonReader(page.Span);
        while (json.Read())
        {
            // Documents are the objects one level below the array, whether it is bare or inside the answer's envelope.
            if (json.TokenType == JsonTokenType.StartArray)
            {
                while (json.Read() && json.TokenType == JsonTokenType.StartObject)
                    places.Add(ReadPlace(ref json));
            }
        }

        return places;
    }

    private static Place ReadPlace(ref Utf8JsonReader json)
    {
        string streamId = "";
        long version = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("streamId"u8))
            {
                json.Read();
                streamId = json.GetString()!;
            }
            else if (json.ValueTextEquals("version"u8))
            {
                json.Read();
                version = json.GetInt64();
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new Place(streamId, version);
    }

    internal readonly record struct Place(string StreamId, long Version);
}
