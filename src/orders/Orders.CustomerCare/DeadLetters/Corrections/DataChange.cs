using System.Text.Json;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>A value that a correction changes.</summary>
/// <param name="Path">Where it is, such as <c>lines[0].quantity</c>.</param>
/// <param name="Before">As it was, as JSON; absent where it was not there.</param>
/// <param name="After">As it is corrected, as JSON; absent where it is taken out.</param>
public sealed record DataChange(string Path, string? Before, string? After)
{
    /// <summary>Everything that differs, in the order of the documents.</summary>
    internal static IReadOnlyList<DataChange> Between(JsonElement before, JsonElement after)
    {
        var changes = new List<DataChange>();
        Compare("", before, after, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement? before, JsonElement? after, List<DataChange> changes)
    {
        if (before is { } one && after is { } other && JsonElement.DeepEquals(one, other))
            return;
        if (before is { ValueKind: JsonValueKind.Object } from && after is { ValueKind: JsonValueKind.Object } to)
            foreach (var name in from.EnumerateObject().Concat(to.EnumerateObject()).Select(property => property.Name).Distinct().ToList())
                Compare(path.Length == 0 ? name : $"{path}.{name}", Property(from, name), Property(to, name), changes);
        else if (before is { ValueKind: JsonValueKind.Array } was && after is { ValueKind: JsonValueKind.Array } becomes)
            for (var i = 0; i < Math.Max(was.GetArrayLength(), becomes.GetArrayLength()); i++)
                Compare(FormattableString.Invariant($"{path}[{i}]"), Item(was, i), Item(becomes, i), changes);
        else
            changes.Add(new DataChange(path, before?.GetRawText(), after?.GetRawText()));
    }

    private static JsonElement? Property(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement? Item(JsonElement element, int index) => index < element.GetArrayLength() ? element[index] : null;
}
