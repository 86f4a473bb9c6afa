using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderPipeline.Pipeline.Tests;

/// <summary>What the app host writes about what it runs: <c>apphost.json</c> in the data directory.</summary>
internal sealed record AppHostState(int Pid, string State, IReadOnlyList<AppHostResource> Resources)
{
    public static async Task<AppHostState?> ReadAsync(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "apphost.json");
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<AppHostState>(file, Json);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };
}

internal sealed record AppHostResource(string Name, string State, int? Pid, string? Url);
