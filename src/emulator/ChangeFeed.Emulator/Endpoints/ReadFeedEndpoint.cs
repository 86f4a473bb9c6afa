using System.Globalization;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Feed;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Lists the items of a partition or partition key, page by page, in rid order.</summary>
internal sealed class ReadFeedEndpoint(EngineState state)
{
    private const int DefaultPage = 100;

    public async Task ReadAsync(CosmosRequest request, Container container)
    {
        var target = request.ReadTarget(container);
        var lsn = target.Partition.Lsn;
        request.CheckSession(target.Partition);
        var maxItems = request.MaxItemCount ?? DefaultPage;
        using var page = new FeedPage(container.RidText);
        var continuation = Fill(request, target, maxItems, page);

        var response = request.Http.Response;
        response.Session(target, lsn);
        response.Charge(RequestCharge.Feed(page.Charge));
        response.Headers[Headers.ItemCount] = page.Count.ToString(CultureInfo.InvariantCulture);
        if (continuation is { } rid)
            response.Headers[Headers.Continuation] = rid.ToString(CultureInfo.InvariantCulture);
        await response.WriteBytesAsync(200, page.Finish());
    }

    private ulong? Fill(CosmosRequest request, ReadTarget target, int maxItems, FeedPage page)
    {
        var descending = string.Equals(request.Header(Headers.EnumerationDirection), "Reverse", StringComparison.OrdinalIgnoreCase);
        var now = state.Now;
        ulong last = 0;
        using var session = state.Store.Read();
        foreach (var item in session.Scan(target.Container, target.Scan with { From = From(request), Descending = descending }))
        {
            if (item.IsExpired(target.Container.Definition, now))
                continue;
            if (page.Count >= maxItems || page.IsFull)
                return last;
            page.Next();
            page.Add(item.Body);
            last = item.Rid;
        }
        return null;
    }

    private static ulong? From(CosmosRequest request)
    {
        if (request.Header(Headers.Continuation) is not { } text)
            return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rid)
            ? rid
            : throw CosmosErrorException.BadRequest($"The continuation '{text}' is not one of this endpoint's item feeds.");
    }
}
