using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace ChangeFeed.EventStore;

/// <summary>Turns the data of an event from one schema version into the next one, as JSON, before it is bound to a CLR type.</summary>
/// <param name="data">The <c>data</c> object of the stored document; may be changed in place.</param>
public delegate JsonObject Upcaster(JsonObject data);

/// <summary>
/// The vocabulary of a store: which <c>type</c> in a document is which CLR type, at which schema version, and how older
/// versions become the current one. Immutable documents outlive the code that wrote them; this is the one place that knows.
/// </summary>
public sealed class EventTypeMap
{
    private sealed record Entry(string Name, int Schema, Type Clr, JsonTypeInfo Json, Upcaster[] Upcasters);

    private readonly Dictionary<string, Entry> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Entry> _byClr = [];

    /// <summary>Registers <typeparamref name="T"/> under its stored name.</summary>
    /// <param name="json">Source-generated metadata of the type.</param>
    /// <param name="upcasters">Schema 1 → 2, 2 → 3, …: the current schema version is one more than their number.</param>
    /// <param name="name">The <c>type</c> in stored documents; the CLR name when not given.</param>
    public EventTypeMap Add<T>(JsonTypeInfo<T> json, Upcaster[]? upcasters = null, string? name = null)
        where T : class
    {
        var steps = upcasters ?? [];
        var entry = new Entry(name ?? typeof(T).Name, steps.Length + 1, typeof(T), json, steps);
        _byName.Add(entry.Name, entry);
        _byClr.Add(entry.Clr, entry);
        return this;
    }

    /// <summary>All stored type names, in the order they were registered.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>The CLR type a stored name is bound to.</summary>
    /// <param name="name">The <c>type</c> in a stored document.</param>
    /// <param name="clr">The CLR type; null when the name is not registered.</param>
    public bool TryGetClrType(string name, [NotNullWhen(true)] out Type? clr)
    {
        clr = _byName.GetValueOrDefault(name)?.Clr;
        return clr is not null;
    }

    /// <summary>The current schema version of a stored name.</summary>
    /// <param name="name">The <c>type</c> in a stored document.</param>
    /// <exception cref="UnknownEventException">The name is not registered.</exception>
    public int SchemaOf(string name) =>
        _byName.TryGetValue(name, out var entry) ? entry.Schema : throw new UnknownEventException($"No event type '{name}' is registered.");

    /// <summary>The stored name and current schema version of an event's CLR type.</summary>
    /// <param name="data">The event.</param>
    /// <exception cref="UnknownEventException">The type is not registered.</exception>
    public (string Name, int Schema) Describe(object data) =>
        _byClr.TryGetValue(data.GetType(), out var entry)
            ? (entry.Name, entry.Schema)
            : throw new UnknownEventException($"The CLR type {data.GetType().FullName} is not a registered event.");

    /// <summary>Writes the data of an event in its current schema.</summary>
    /// <param name="writer">Where it is written.</param>
    /// <param name="data">The event; its type must be registered.</param>
    public void Write(Utf8JsonWriter writer, object data) => JsonSerializer.Serialize(writer, data, _byClr[data.GetType()].Json);

    /// <summary>Binds stored data to the CLR type, upcasting it first where it is of an older schema.</summary>
    /// <param name="name">The <c>type</c> in the stored document.</param>
    /// <param name="schema">The <c>schema</c> in the stored document.</param>
    /// <param name="data">The <c>data</c> in the stored document.</param>
    /// <exception cref="UnknownEventException">The name or the schema version is not known to this build.</exception>
    /// <exception cref="JsonException">The data does not fit the type.</exception>
    public object Read(string name, int schema, JsonElement data)
    {
        if (!_byName.TryGetValue(name, out var entry))
            throw new UnknownEventException($"No event type '{name}' is registered.");
        if (schema < 1 || schema > entry.Schema)
            throw new UnknownEventException($"Event type '{name}' has schema {schema}; this build knows 1 to {entry.Schema}.");
        if (schema == entry.Schema)
            return data.Deserialize(entry.Json) ?? throw new JsonException($"The data of event type '{name}' is null.");

        var json = JsonObject.Create(data) ?? throw new JsonException($"The data of event type '{name}' is not an object.");
        try
        {
            json = entry.Upcasters.Skip(schema - 1).Aggregate(json, (current, upcast) => upcast(current));
        }
        catch (Exception e) when (e is not JsonException)
        {
            // Whatever stops an upcaster, it is the data that does not fit: readers treat it like any other event they cannot read.
            throw new JsonException($"The data of event type '{name}' could not be brought from schema {schema} to {entry.Schema}: {e.Message}", e);
        }

        return json.Deserialize(entry.Json) ?? throw new JsonException($"The data of event type '{name}' is null after upcasting.");
    }
}

/// <summary>A document names an event type or schema version that this build does not know.</summary>
/// <param name="message">Which type or schema is not known.</param>
public sealed class UnknownEventException(string message) : Exception(message);
