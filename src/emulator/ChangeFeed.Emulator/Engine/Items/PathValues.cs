using System.Text.Json;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>Collects, while an item is read once, the values its container's partition key and unique keys select.</summary>
internal ref struct PathValues(ContainerDefinition container)
{
    private readonly PropertyPath[] _keyPaths = container.PartitionKey.Paths;
    private readonly PartitionKeyComponent[] _key = new PartitionKeyComponent[container.PartitionKey.Paths.Length];
    private readonly string?[][]? _unique = container.UniqueKeys.Length == 0
        ? null
        : [.. container.UniqueKeys.Select(key => new string?[key.Paths.Length])];

    /// <summary>The reader stands on a property name that is not otherwise needed; afterwards on the end of its value.</summary>
    public void OfferUnread(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var wanted = Wanted(ref reader);
        if (!wanted)
        {
            reader.Skip();
            return;
        }
        var name = reader.HasValueSequence || reader.ValueIsEscaped
            ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!)
            : reader.ValueSpan;
        reader.Read();
        Offer(name, ref reader, json);
    }

    private readonly bool Wanted(ref Utf8JsonReader name)
    {
        foreach (var path in _keyPaths)
            if (name.ValueTextEquals(path.First))
                return true;
        if (_unique is null)
            return false;
        foreach (var uniqueKey in container.UniqueKeys)
            foreach (var path in uniqueKey.Paths)
                if (name.ValueTextEquals(path.First))
                    return true;
        return false;
    }

    /// <summary>The reader stands on the value of the property; afterwards on the end of it.</summary>
    public void Offer(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        var value = reader;
        reader.Skip();
        var text = json[start..(int)reader.BytesConsumed];
        for (var i = 0; i < _keyPaths.Length; i++)
        {
            if (!name.SequenceEqual(_keyPaths[i].First))
                continue;
            var copy = value;
            _key[i] = _keyPaths[i].Names.Length == 1
                ? PartitionKeyComponent.Read(ref copy)
                : Resolve(text, _keyPaths[i], PartitionKeyComponent.From);
        }

        if (_unique is null)
            return;
        for (var k = 0; k < _unique.Length; k++)
            for (var i = 0; i < _unique[k].Length; i++)
                if (container.UniqueKeys[k].Paths[i] is var path && name.SequenceEqual(path.First))
                    _unique[k][i] = Resolve(text, path, Canonical);
    }

    private static T? Resolve<T>(ReadOnlySpan<byte> json, PropertyPath path, Func<JsonElement, T> convert)
    {
        using var document = JsonDocument.Parse(json.ToArray(), new() { MaxDepth = 128 });
        var value = document.RootElement;
        foreach (var name in path.Names.AsSpan(1))
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return default;
        return convert(value);
    }

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        _ => value.GetRawText(),
    };

    public readonly PartitionKey PartitionKey() => Model.Partitioning.PartitionKey.From(_key, container.PartitionKey);

    public readonly byte[][]? UniqueKeys()
    {
        if (_unique is null)
            return null;
        var keys = new byte[_unique.Length][];
        for (var k = 0; k < keys.Length; k++)
            keys[k] = System.Text.Encoding.UTF8.GetBytes($"{k}:" + string.Join('\u0001', _unique[k].Select(value => value ?? "null")));
        return keys;
    }
}
