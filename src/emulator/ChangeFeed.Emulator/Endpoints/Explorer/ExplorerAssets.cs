using System.Collections.Frozen;
using System.Security.Cryptography;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints.Explorer;

/// <summary>The files of the data explorer, which travel in the assembly.</summary>
internal static class ExplorerAssets
{
    private const string Page = "index.html";
    private const string ResourcePrefix = "Explorer/";

    // Nothing from elsewhere, nothing inside others' pages: what an item says can at most be shown.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly Lazy<FrozenDictionary<string, Asset>> All = new(Load);

    private sealed record Asset(string Type, byte[] Content, string Etag);

    public static Task AnswerAsync(CosmosRequest request)
    {
        var name = request.Segments is [_, var file] ? file : request.Segments is [_] ? Page : "";
        if (request.Method != "GET" || !All.Value.TryGetValue(name, out var asset))
            throw new CosmosErrorException(404, "NotFound", $"There is nothing at {request.Method} /{string.Join('/', request.Segments)}.");
        var response = request.Http.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = asset.Etag;
        return request.Header("If-None-Match") == asset.Etag
            ? response.WriteEmptyAsync(304)
            : response.WriteBytesAsync(200, asset.Content, asset.Type);
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(ExplorerAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[ResourcePrefix.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new Asset(Types[Path.GetExtension(name)], content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..12])}\"");
            });
    }
}
