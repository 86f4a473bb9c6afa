using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Goes into <see cref="CosmosClientOptions.CustomHandlers"/> of the client that owns the lease container, and makes a checkpoint one request, and a
/// renewal too. The processor writes every checkpoint with the etag its lease had when it was acquired: refused (412), read again, written again. Before
/// a renewal it reads the lease, which nobody but itself writes.
/// <para>
/// This puts the etag of this client's own last write in its place, and only where the checkpoint is the same owner's and further on. When
/// anybody else has written the lease since, that etag is not its etag any more: the store refuses as before, and the processor finds out why.
/// </para>
/// <para>
/// What this client itself wrote last is given to the processor that reads it, once for each write. Whatever it does with it is conditional on that
/// etag, so it is refused where it is another's by now, and then reads what is there.
/// </para>
/// <para>
/// It also ends checkpoints of a tenure that is over. When a lease was moved elsewhere in the feed and acquired again by the same instance, the processor
/// would take a checkpoint from before for the new owner's.
/// </para>
/// </summary>
public sealed class LeaseCheckpointHandler : RequestHandler
{
    private const string InLeaseIds = ".."; // between their prefix and the partition

    private static readonly AsyncLocal<CancellationToken> Tenure = new();

    private readonly ConcurrentDictionary<string, Written> _written = new(StringComparer.Ordinal);

    /// <summary>What the calling method starts from here on is a checkpoint of this tenure, and is not written when it is over.</summary>
    internal static void CheckpointOf(CancellationToken tenure) => Tenure.Value = tenure;

    /// <inheritdoc/>
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        var lease = request.RequestUri.OriginalString;
        if (request.Method == HttpMethod.Get && _written.TryGetValue(lease, out var own) && own.TryTake() is { } document)
            return new ResponseMessage(HttpStatusCode.OK, request) { Content = document, Headers = { { "ETag", own.ETag } } };
        if (request.Method != HttpMethod.Put || !lease.Contains(InLeaseIds, StringComparison.Ordinal) || LeaseWrite.Read(request) is not { } write)
            return await base.SendAsync(request, cancellationToken);

        Tenure.Value.ThrowIfCancellationRequested();
        if (_written.TryGetValue(lease, out var last) && write.Continues(last.Write))
            request.Headers.Set("If-Match", last.ETag);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode && response.Headers.ETag is { Length: > 0 } etag)
            _written[lease] = new Written(write, etag);
        else
            _written.TryRemove(lease, out _); // another's by now, or nobody knows
        return response;
    }

    private sealed class Written(LeaseWrite write, string etag)
    {
        private int _taken;

        public LeaseWrite Write => write;

        public string ETag => etag;

        /// <summary>The document, once; null from then on, and of a lease that was given back.</summary>
        public MemoryStream? TryTake() =>
            write.Owner is not null && Interlocked.Exchange(ref _taken, 1) == 0 ? new MemoryStream(write.WithETag(etag), writable: false) : null;
    }
}

/// <summary>What the write of a lease says: whose it is, and how far.</summary>
/// <param name="Owner">The instance; null in one that is given back.</param>
/// <param name="Position">The place in the feed; null before the first checkpoint, and where it is no plain number.</param>
/// <param name="Document">All of it.</param>
internal sealed record LeaseWrite(string? Owner, long? Position, byte[] Document)
{
    /// <summary>Reads the body of a request, and leaves it as it was; null when that is no lease.</summary>
    public static LeaseWrite? Read(RequestMessage request)
    {
        if (request.Peek() is not { } document)
            return null;
        try
        {
            using var json = JsonDocument.Parse(document);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("LeaseToken"u8, out _)
                ? new LeaseWrite(Text(json.RootElement, "Owner"), PositionOf(Text(json.RootElement, "ContinuationToken")), document)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The document as the store has it since it took it.</summary>
    public byte[] WithETag(string etag)
    {
        var document = JsonNode.Parse(Document)!;
        document["_etag"] = etag;
        return JsonSerializer.SerializeToUtf8Bytes(document);
    }

    /// <summary>True for a checkpoint of the same owner that is further on: all else could undo what was written meanwhile.</summary>
    public bool Continues(LeaseWrite last) => Owner is not null && Owner == last.Owner && Position > (last.Position ?? -1);

    // Of one partition a number in quotation marks; of a range of keys a document, which is not compared.
    private static long? PositionOf(string? continuation) =>
        long.TryParse(continuation?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    private static string? Text(JsonElement lease, string name) =>
        lease.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
