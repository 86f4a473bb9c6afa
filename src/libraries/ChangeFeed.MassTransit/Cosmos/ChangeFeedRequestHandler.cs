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
/// <item>Asks the embedded store to hold a read open until something is written that an endpoint of this process waits for, and what it only passes
/// over a second longer. Real accounts ignore these headers.</item>
/// </list>
/// </summary>
/// <param name="holdReads">How long the embedded store may hold a read, at most 50 s; null or zero to be answered at once.</param>
public sealed class ChangeFeedRequestHandler(TimeSpan? holdReads = null) : RequestHandler
{
    /// <summary>The request header, in milliseconds.</summary>
    public const string HoldHeader = "x-ms-emulator-longpoll";

    internal const string LingerHeader = "x-ms-emulator-linger";
    internal const string WakeHeader = "x-ms-emulator-wake";

    private static readonly AsyncLocal<FeedMark?> Marked = new();

    private readonly Awaited _awaited = new();

    private readonly string? _hold = holdReads is { } hold && hold > TimeSpan.Zero
        ? Milliseconds(hold <= TimeSpan.FromSeconds(50) ? hold : throw TooLong(hold))
        : null;

    /// <summary>
    /// Whether feed reads are without a session, for clients that read in a region which lags. Who writes too has often seen more than that region:
    /// it would refuse, and the SDK would read in the write region what may be lost with it. A feed has its own place in its continuation.
    /// </summary>
    public bool WithoutSession { get; init; }

    /// <summary>Everything started from here on reads the feed for the processor that <paramref name="mark"/> tells of.</summary>
    internal static void Mark(FeedMark? mark) => Marked.Value = mark;

    /// <summary>
    /// Everything the calling method starts from here on reads the feed for a processor whose handler may return before a page is finished,
    /// and has its reads held open.
    /// </summary>
    /// <param name="drain">Waits until everything that was handed to the handler is finished.</param>
    public static void MarkOverlapping(Func<Task> drain) => Mark(new FeedMark(drain));

    /// <inheritdoc/>
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (Marked.Value is not { } mark || request.Headers["A-IM"] is null)
            return await base.SendAsync(request, cancellationToken);

        if (_hold is not null)
            Hold(request, mark);
        if (WithoutSession)
            request.Headers.Set("x-ms-consistency-level", nameof(ConsistencyLevel.Eventual));
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Gone)
            await mark.Drain().WaitAsync(cancellationToken);
        return response;
    }

    private void Hold(RequestMessage request, FeedMark mark)
    {
        request.Headers.Set(HoldHeader, _hold);
        if (mark.Linger > TimeSpan.Zero)
        {
            request.Headers.Set(LingerHeader, Milliseconds(mark.Linger));
            if (mark.Awaits is { Count: > 0 } expedited)
                request.Headers.Set(WakeHeader, Awaited.Header(expedited));
        }
        else if (_awaited.Of(request.RequestUri.OriginalString, mark) is { } awaited)
        {
            request.Headers.Set(LingerHeader, Milliseconds(FeedMark.PassedOver));
            request.Headers.Set(WakeHeader, awaited);
        }
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static ArgumentOutOfRangeException TooLong(TimeSpan hold) =>
        new(nameof(holdReads), hold, "A read may be held for at most 50 seconds: the client gives up after 65.");
}
