using System.Net.Http.Json;
using System.Text.Json;

namespace Orders.Testing;

/// <summary>
/// Every query of the services is served by an index: containers index what <c>ContainerDefinition.Indexed</c> says and nothing else, and the
/// embedded store keeps account of the paths that were filtered by without.
/// </summary>
internal static class IndexedQueries
{
    /// <summary>Those that look at few documents, or at nearly all of them, whatever is indexed.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["/_migration/deleted/?"] = "counts nearly all of them, when a migration is verified",
        ["/_rid/?"] = "finds the stream of a document that says none, when an operator asks for it",
        ["/meta/eventId/?"] = "in one stream, when its customer is erased",
        ["/names/?"] = "nearly every order has names",
    };

    /// <exception cref="InvalidOperationException">There were queries without an index; the message has path and text.</exception>
    public static async Task CheckAsync(Uri store)
    {
        using var http = new HttpClient();
        var stats = await http.GetFromJsonAsync<JsonElement>(new Uri(store, "_emulator/stats"));
        var missing = stats.GetProperty("containers").EnumerateArray()
            .SelectMany(container => container.GetProperty("missingIndexes").EnumerateArray()
                .Where(index => !Exempt.ContainsKey(index.GetProperty("path").GetString()!))
                .Select(index => $"{container.GetProperty("container")}: {index.GetProperty("path")} of {index.GetProperty("first")}"))
            .ToList();
        if (missing.Count > 0)
            throw new InvalidOperationException($"Queries without an index; ContainerDefinition.Indexed does not have their paths. {string.Join("; ", missing)}");
    }
}
