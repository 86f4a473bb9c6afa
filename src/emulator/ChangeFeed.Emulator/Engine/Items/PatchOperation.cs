using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>One step of a patch, addressed by a JSON pointer.</summary>
internal sealed record PatchOperation(string Op, string Path, string[] Names, JsonNode? Value, string[]? From)
{
    private static readonly string[] Protected = ["id", "_rid", "_self", "_etag", "_ts", "_attachments"];

    public static PatchOperation Parse(JsonNode? node)
    {
        if (node is not JsonObject operation || Text(operation, "op") is not { } op || Text(operation, "path") is not { } path)
            throw CosmosErrorException.BadRequest("Each patch operation needs 'op' and 'path', both strings.");
        op = op.ToLowerInvariant();
        if (op == "increment")
            op = "incr";
        if (op is not ("add" or "set" or "replace" or "remove" or "incr" or "move"))
            throw CosmosErrorException.BadRequest($"The patch operation '{op}' is unknown; use add, set, replace, remove, incr or move.");
        if (op is not ("remove" or "move") && !operation.ContainsKey("value"))
            throw CosmosErrorException.BadRequest($"The patch operation '{op}' on '{path}' needs a 'value'.");

        var names = Pointer(path);
        if (names.Length == 1 && Protected.Contains(names[0]))
            throw CosmosErrorException.BadRequest($"A patch cannot change '{path}'.");
        var from = op == "move"
            ? Pointer(Text(operation, "from") ?? throw CosmosErrorException.BadRequest("The patch operation 'move' needs 'from'."))
            : null;
        return new(op, path, names, operation["value"], from);
    }

    private static string? Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string[] Pointer(string path) =>
        path.Length > 1 && path[0] == '/'
            ? [.. path[1..].Split('/').Select(name => name.Replace("~1", "/").Replace("~0", "~"))]
            : throw CosmosErrorException.BadRequest($"The patch path '{path}' must begin with '/' and name a property.");

    public void Apply(JsonNode root)
    {
        switch (Op)
        {
            case "add": Add(root, Names, Value?.DeepClone()); break;
            case "set": Put(root, Value?.DeepClone(), mustExist: false); break;
            case "replace": Put(root, Value?.DeepClone(), mustExist: true); break;
            case "remove": Remove(root, Names); break;
            case "incr": Increment(root); break;
            default: Add(root, Names, Remove(root, From!)); break;
        }
    }

    private void Add(JsonNode root, string[] names, JsonNode? value)
    {
        var parent = Parent(root, names);
        if (parent is JsonArray array)
            array.Insert(names[^1] == "-" ? array.Count : Index(names[^1], array.Count), value);
        else
            parent[names[^1]] = value;
    }

    private void Put(JsonNode root, JsonNode? value, bool mustExist)
    {
        var parent = Parent(root, Names);
        if (parent is JsonArray array)
        {
            if (!mustExist && Names[^1] == "-")
                array.Add(value);
            else
                array[Index(Names[^1], array.Count - 1)] = value;
            return;
        }
        if (mustExist && !parent.AsObject().ContainsKey(Names[^1]))
            throw Missing();
        parent[Names[^1]] = value;
    }

    private JsonNode? Remove(JsonNode root, string[] names)
    {
        var parent = Parent(root, names);
        if (parent is JsonArray array)
        {
            var index = Index(names[^1], array.Count - 1);
            var element = array[index];
            array.RemoveAt(index);
            return element;
        }
        var target = parent.AsObject();
        if (!target.TryGetPropertyValue(names[^1], out var value))
            throw Missing();
        target.Remove(names[^1]);
        return value;
    }

    private void Increment(JsonNode root)
    {
        var parent = Parent(root, Names);
        var index = parent is JsonArray array ? Index(Names[^1], array.Count - 1) : -1;
        var current = index >= 0 ? parent[index] : parent[Names[^1]];
        var result = current is null && index < 0 && !parent.AsObject().ContainsKey(Names[^1]) ? Value!.DeepClone() : Sum(current);
        if (index >= 0)
            parent[index] = result;
        else
            parent[Names[^1]] = result;
    }

    private JsonValue Sum(JsonNode? current)
    {
        if (current?.GetValueKind() != JsonValueKind.Number || Value?.GetValueKind() != JsonValueKind.Number)
            throw CosmosErrorException.BadRequest($"The patch operation 'incr' on '{Path}' needs a number on both sides.");
        if (long.TryParse(current.ToJsonString(), CultureInfo.InvariantCulture, out var left)
            && long.TryParse(Value.ToJsonString(), CultureInfo.InvariantCulture, out var right))
        {
            try
            {
                return JsonValue.Create(checked(left + right));
            }
            catch (OverflowException)
            {
                return JsonValue.Create((double)left + right);
            }
        }
        var sum = double.Parse(current.ToJsonString(), CultureInfo.InvariantCulture)
            + double.Parse(Value.ToJsonString(), CultureInfo.InvariantCulture);
        return double.IsFinite(sum)
            ? JsonValue.Create(sum)
            : throw CosmosErrorException.BadRequest($"The patch operation 'incr' on '{Path}' gives no finite number.");
    }

    private JsonNode Parent(JsonNode root, string[] names)
    {
        var node = root;
        foreach (var name in names.AsSpan(0, names.Length - 1))
        {
            node = node switch
            {
                JsonArray array => array[Index(name, array.Count - 1)],
                JsonObject value => value[name],
                _ => null,
            };
            if (node is not (JsonArray or JsonObject))
                throw Missing();
        }
        return node;
    }

    private int Index(string name, int max) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max ? index : throw Missing();

    private CosmosErrorException Missing() =>
        CosmosErrorException.BadRequest(
            $"The patch operation '{Op}' failed: there is nothing at "
            + $"'{(Op == "move" ? "/" + string.Join('/', From!) + "' or before '" + Path : Path)}'.");
}
