using System.Text;
using System.Text.Json.Nodes;

namespace ChangeFeed.Testing.Hostility;

/// <summary>
/// Hostile requests to every endpoint of an OpenAPI document, as many as one likes. Each follows from the seed and its number alone, so that
/// one that fails can be sent again.
/// </summary>
public sealed class HostileRequests
{
    private sealed record Parameter(string Name, string In, JsonNode? Schema, string Valid);

    private sealed record Operation(string Method, string Path, IReadOnlyList<Parameter> Parameters, JsonNode? Body, IReadOnlySet<int> Statuses);

    private readonly int _seed;
    private readonly List<Operation> _operations;

    /// <param name="document">The document.</param>
    /// <param name="seed">Says which requests these are.</param>
    /// <param name="isMeant">Which endpoints, by method and path; null for all.</param>
    public HostileRequests(JsonObject document, int seed, Func<string, string, bool>? isMeant = null)
    {
        _seed = seed;
        _operations = [.. document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => Read(path.Key, operation.Key, operation.Value!)))
            .Where(operation => isMeant?.Invoke(operation.Method, operation.Path) != false)];
    }

    /// <summary>The endpoints, as <see cref="HostileRequest.Operation"/> names them.</summary>
    public IEnumerable<string> Operations => _operations.Select(NameOf);

    /// <summary>The request of a number.</summary>
    public HostileRequest this[int number]
    {
        get
        {
            var random = new Random(unchecked((_seed * 1_000_003) + number));
            var operation = _operations[number % _operations.Count];
            // One hostile thing in three of four requests, so that it is reached behind what is checked before it; everything in the others.
            var places = operation.Parameters.Count + (operation.Body is null ? 0 : 3);
            var (only, all) = (places == 0 ? 0 : random.Next(places), random.Next(4) == 0);
            var path = operation.Path;
            var query = new List<string>();
            var headers = new List<(string, string)>();
            foreach (var (parameter, place) in operation.Parameters.Select((p, i) => (p, i)))
            {
                var hostile = all || place == only;
                if (parameter.In != "path" && (hostile ? random.Next(12) == 0 : random.Next(3) > 0))
                    continue;
                var value = hostile ? Value(parameter.Schema, random) : parameter.Valid;
                // The web server itself refuses a NUL in a path.
                if (parameter.In == "path")
                    path = path.Replace($"{{{parameter.Name}}}", Escape(value.Replace("\0", "", StringComparison.Ordinal)), StringComparison.Ordinal);
                else if (parameter.In == "query")
                    query.Add($"{parameter.Name}={(random.Next(20) == 0 ? Raw(value) : Escape(value))}");
                else
                    headers.Add((parameter.Name, value));
            }

            var body = operation.Body is null ? null
                : all || only >= operation.Parameters.Count ? HostileBody(operation.Body, random)
                : Encoding.UTF8.GetBytes(operation.Body.ToJsonString());
            return new HostileRequest(
                NameOf(operation), operation.Method, path + (query.Count == 0 ? "" : "?" + string.Join('&', query)),
                [.. headers.Where(h => h.Item2.All(c => c is >= ' ' and <= '~'))], body, [.. operation.Parameters.Select(p => p.Name)], operation.Statuses);
        }
    }

    private static string NameOf(Operation operation) => $"{operation.Method} {operation.Path}";

    private static Operation Read(string path, string method, JsonNode operation) => new(
        method.ToUpperInvariant(),
        path,
        [.. (operation["parameters"]?.AsArray() ?? []).Select(p => new Parameter(
            p!["name"]!.GetValue<string>(), p["in"]!.GetValue<string>(), p["schema"], (p["example"] ?? p["schema"]?["example"])?.ToString() ?? Valid(p)))],
        operation["requestBody"]?["content"]?["application/json"]?["example"],
        operation["responses"]!.AsObject().Select(response => int.Parse(response.Key, System.Globalization.CultureInfo.InvariantCulture)).ToHashSet());

    private static string Valid(JsonNode parameter) => parameter["schema"]?["minimum"]?.ToString() ?? (string?)parameter["name"] switch
    {
        "from" => "2026-03-14T00:00:00Z",
        "to" => "2026-03-14T01:00:00Z",
        "at" or "time" => "2026-03-14T15:09:26Z",
        "id" => "0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21",
        _ => "a",
    };

    /// <summary>A value for a parameter, now and then one just beyond what its schema allows.</summary>
    private static string Value(JsonNode? schema, Random random) => random.Next(5) switch
    {
        0 when schema?["maximum"] is { } most => $"{long.Parse(most.ToString(), System.Globalization.CultureInfo.InvariantCulture) + 1}",
        0 when schema?["minimum"] is { } least => $"{long.Parse(least.ToString(), System.Globalization.CultureInfo.InvariantCulture) - 1}",
        0 when schema?["maxLength"] is { } length => new string('x', length.GetValue<int>() + 1),
        _ => HostileValues.Text(random),
    };

    // Dots alone are a place, not a name, to whoever makes an address.
    private static string Escape(string value) => value is "." or ".." ? "%2E" : Uri.EscapeDataString(value);

    // As it is, as far as an address can have it.
    private static string Raw(string value) => string.Concat(value.Where(c => c is > ' ' and <= '~' and not '#'));

    /// <summary>The example with something wrong in it, or nothing like it.</summary>
    private static byte[] HostileBody(JsonNode example, Random random)
    {
        var text = Changed(example.DeepClone(), random).ToJsonString();
        return random.Next(25) switch
        {
            0 => [],
            1 => Encoding.UTF8.GetBytes(text[..random.Next(text.Length)]),
            2 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
            3 => [.. Encoding.UTF8.GetBytes(text), 0xC0, 0x80],
            4 => Encoding.UTF8.GetBytes(HostileValues.Json(random)),
            5 => Encoding.UTF8.GetBytes(text.PadRight((64 * 1024) + random.Next(2))),
            6 => Encoding.UTF8.GetBytes(text + text),
            7 => Encoding.UTF8.GetBytes(text[..^1] + ",}"),
            8 => Encoding.UTF8.GetBytes($"{text[..^1]},{string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"field{i}\":{i}"))}}}"),
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    private static JsonNode Changed(JsonNode body, Random random)
    {
        for (var changes = random.Next(4) == 0 ? 3 : 1; changes > 0; changes--)
        {
            var places = Places(body).ToList();
            if (places.Count == 0)
                break;
            var (parent, key) = places[random.Next(places.Count)];
            // Text that is no text as far as JSON goes cannot be held in a node.
            JsonNode? value;
            try
            {
                value = JsonNode.Parse(HostileValues.Json(random));
                value?.ToJsonString();
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or System.Text.Json.JsonException)
            {
                value = null;
            }

            if (parent is JsonArray array)
                array[(int)key] = value;
            else if (random.Next(8) == 0)
                parent.AsObject().Remove((string)key);
            else if (random.Next(10) == 0)
                parent.AsObject()[HostileValues.Text(random)] = value;
            else
                parent.AsObject()[(string)key] = value;
        }

        return body;
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => Places(m.Value).Prepend((o, m.Key))),
        JsonArray a => a.SelectMany((item, i) => Places(item).Prepend((a, i))),
        _ => [],
    };
}
