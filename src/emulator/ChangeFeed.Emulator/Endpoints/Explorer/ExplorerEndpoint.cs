using ChangeFeed.Emulator.Endpoints.Management;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints.Explorer;

/// <summary>
/// The data explorer under <c>/_explorer</c>: its files, which say nothing of the data, and <c>/_explorer/api/…</c>, where its page finds
/// the endpoint's own interface and <c>/_emulator</c>, opened by the key instead of a signature.
/// </summary>
internal sealed class ExplorerEndpoint(ExplorerMode mode, ManagementAccess access)
{
    public const string Root = "_explorer";

    /// <summary>Whether somebody typed the endpoint's address into a browser.</summary>
    public bool IsMeantBy(CosmosRequest request) =>
        mode != ExplorerMode.Off && request is { Method: "GET", Segments: [] }
        && request.Header("authorization") is null
        && request.Header("Accept")?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true;

    public static Task RedirectAsync(CosmosRequest request)
    {
        request.Http.Response.Headers.Location = $"/{Root}/";
        return request.Http.Response.WriteEmptyAsync(302);
    }

    /// <summary>Answers what the explorer itself has; else returns the request its page means, for others to serve.</summary>
    public async Task<CosmosRequest?> HandleAsync(CosmosRequest request)
    {
        if (mode == ExplorerMode.Off)
            throw new CosmosErrorException(404, "NotFound", "This endpoint was started without its data explorer (--explorer off).");
        if (request.Segments is not [_, "api", ..])
        {
            await ExplorerAssets.AnswerAsync(request);
            return null;
        }

        access.CheckOwnPage(request);
        var meant = request.Below(2);
        if (mode == ExplorerMode.ReadOnly && !meant.OnlyReads)
            throw new CosmosErrorException(403, "Forbidden", "This data explorer only reads (--explorer read-only).");
        if (meant.Segments is not [])
            return meant;
        await request.Http.Response.WriteBytesAsync(200, JsonBody.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("readOnly", mode == ExplorerMode.ReadOnly);
            writer.WriteEndObject();
        }));
        return null;
    }
}
