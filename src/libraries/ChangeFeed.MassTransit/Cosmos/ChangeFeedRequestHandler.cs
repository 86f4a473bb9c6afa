using System.Globalization;
using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Goes into <see cref="CosmosClientOptions.CustomHandlers"/> of the client that owns the monitored container. Touches only the feed
/// reads of change feed processors that are marked, as this library's are; pull readers, estimators and everything else pass.
/// <list type="bullet">
/// <item>A partition that was split is told to the processor only when all that was read from it is finished: the processor starts the
/// leases of the new partitions where the old one was read to, not where it was checkpointed, so a crash would lose what lies between.</item>
/// <item>Asks the embedded store to hold a read open until something is written. Real accounts ignore the header.</item>
/// </list>
/// </summary>
/// <param name="holdReads">How long the embedded store may hold a read, at most 50 s; null or zero to be answered at once.</param>
public sealed class ChangeFeedRequestHandler(TimeSpan? holdReads = null) : RequestHandler
{
    /// <summary>The request header, in milliseconds.</summary>
    public const string HoldHeader = "x-ms-emulator-longpoll";

    private static readonly AsyncLocal<Func<Task>?> Drain = new();

    private readonly string? _hold = holdReads is { } hold && hold > TimeSpan.Zero
        ? ((long)(hold <= TimeSpan.FromSeconds(50) ? hold : throw TooLong(hold)).TotalMilliseconds).ToString(CultureInfo.InvariantCulture)
        : null;

    /// <summary>Everything started from here on reads the feed for a processor whose unfinished events <paramref name="drain"/> waits for.</summary>
    internal static void Mark(Func<Task>? drain) => Drain.Value = drain;

    /// <summary>
    /// Everything the calling method starts from here on reads the feed for a processor whose handler may return before a page is finished,
    /// and has its reads held open.
    /// </summary>
    /// <param name="drain">Waits until everything that was handed to the handler is finished.</param>
    public static void MarkOverlapping(Func<Task> drain) => Mark(drain);

    /// <inheritdoc/>
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (Drain.Value is not { } drain || request.Headers["A-IM"] is null)
            return await base.SendAsync(request, cancellationToken);

        if (_hold is not null)
            request.Headers.Set(HoldHeader, _hold);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Gone)
            await drain().WaitAsync(cancellationToken);
        return response;
    }

    private static ArgumentOutOfRangeException TooLong(TimeSpan hold) =>
        new(nameof(holdReads), hold, "A read may be held for at most 50 seconds: the client gives up after 65.");
}
