using System.Text.Json;
using Orders.Contracts;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>The data of an event as somebody writes it.</summary>
internal static class EventData
{
    /// <summary>
    /// The types that may be appended by hand: not those that hold what is sealed with the key of a customer, nor the mark of an erasure, which
    /// has a way of its own.
    /// </summary>
    public static IReadOnlyList<string> Types { get; } =
        [.. OrderEvents.Map.Names.Except([nameof(OrderPlaced), nameof(CustomerNotified), nameof(PersonalDataErased)]).Order(StringComparer.Ordinal)];

    /// <summary>An object in a text.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static JsonElement Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.Clone()
                : throw InvalidRequestException.Of("data", "Must be an object.");
        }
        catch (JsonException e)
        {
            throw InvalidRequestException.Of("data", $"Is not valid JSON: {e.Message}");
        }
    }

    /// <summary>The event, in the schema of today.</summary>
    /// <exception cref="InvalidRequestException">The type cannot be appended by hand, or the data is none of it.</exception>
    public static object Read(string type, JsonElement data)
    {
        if (!Types.Contains(type))
            throw InvalidRequestException.Of("type", $"Must be one of {string.Join(", ", Types)}.");
        object e;
        try
        {
            e = OrderEvents.Map.Read(type, OrderEvents.Map.SchemaOf(type), data);
        }
        catch (JsonException problem)
        {
            throw InvalidRequestException.Of("data", $"Is none of a {type}: {problem.Message.Split('|')[0].Trim()}");
        }

        // What the event does not know would be left out without a word.
        if (DataChange.Between(data, Write(e)).FirstOrDefault(change => change.After is null && change.Before != "null") is { } unknown)
            throw InvalidRequestException.Of("data", $"Has a field '{unknown.Path}' that a {type} does not have.");
        return e;
    }

    private static JsonElement Write(object e)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
            OrderEvents.Map.Write(writer, e);
        using var written = JsonDocument.Parse(body.ToArray());
        return written.RootElement.Clone();
    }
}
