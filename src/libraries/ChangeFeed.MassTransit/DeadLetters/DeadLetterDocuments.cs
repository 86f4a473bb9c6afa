using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ChangeFeed.MassTransit;

/// <summary>What became of an event that was put aside.</summary>
public enum DeadLetterStatus
{
    /// <summary>It waits for a replay; its stream is parked.</summary>
    Waiting,

    /// <summary>A replay handled it.</summary>
    Replayed,

    /// <summary>Someone decided that it is not to be handled.</summary>
    Discarded,

    /// <summary>The policy of its endpoint passed over it.</summary>
    Skipped,
}

/// <summary>Whether a stream is parked.</summary>
public enum ParkedStreamStatus
{
    /// <summary>Its events wait, and later ones queue behind them.</summary>
    Parked,

    /// <summary>It was parked once; its events are handled as they come.</summary>
    Free,
}

/// <summary>What is asked for a parked stream.</summary>
public enum DeadLetterAction
{
    /// <summary>Handle the waiting events in order, then let the stream go on.</summary>
    Replay,

    /// <summary>Give up the waiting event of one version, or all of them.</summary>
    Discard,
}

/// <summary>Where a request stands.</summary>
public enum DeadLetterRequestStatus
{
    /// <summary>The instance that owns the stream has not finished it.</summary>
    Open,

    /// <summary>It was carried out.</summary>
    Done,

    /// <summary>It could not be carried out; the outcome says why.</summary>
    Failed,
}

/// <summary>What an event failed with.</summary>
/// <param name="Type">CLR type of the exception.</param>
/// <param name="Message">Its message.</param>
/// <param name="Detail">The whole exception with its stack.</param>
public sealed record DeadLetterError(string Type, string Message, string Detail)
{
    internal const int MaxMessage = 2000;
    private const int MaxDetail = 8000;

    internal static string Short(string text, int most) => text.Length <= most ? text : text[..most];

    internal static DeadLetterError From(Exception e)
    {
        return new DeadLetterError(e.GetType().FullName!, Short(e.Message, MaxMessage), Short(e.ToString(), MaxDetail));
    }
}

/// <summary>Other data for an event that was put aside: a replay hands it to the consumers in place of the stored.</summary>
/// <param name="Data">The data of the event.</param>
/// <param name="By">Who corrected it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record DeadLetterCorrection(JsonElement Data, string By, string Reason, DateTimeOffset At);

/// <summary>A document of the dead-letter container; the partition key is the endpoint.</summary>
public abstract record DeadLetterDocument
{
    /// <summary>Made from what the document is about, so that doing a thing twice makes one document.</summary>
    public required string Id { get; init; }

    /// <summary>The endpoint it belongs to.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Which of the three kinds this is.</summary>
    public abstract string Kind { get; }

    /// <summary>The stream it is about; <c>document/…</c> for a document that names none.</summary>
    public required string StreamId { get; init; }

    /// <summary>Seconds after its last change when the store deletes it; null while it is needed.</summary>
    public int? Ttl { get; init; }

    /// <summary>Version of this document as the store has it.</summary>
    [JsonPropertyName("_etag")]
    public string? ETag { get; init; }
}

/// <summary>An event that was put aside, as it was stored.</summary>
public sealed record DeadLetter : DeadLetterDocument
{
    internal const string KindName = "letter";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>What became of it.</summary>
    public required DeadLetterStatus Status { get; init; }

    /// <summary>Version in the stream; 0 when the document names none.</summary>
    public required long Version { get; init; }

    /// <summary>Type of the event; null when the document names none.</summary>
    public string? Type { get; init; }

    /// <summary>The raw document, which stays as it was put aside.</summary>
    public required JsonElement Document { get; init; }

    /// <summary>What it was corrected to, the latest last.</summary>
    // Letters from before there were corrections have none, and the generated reader would say null.
    public IReadOnlyList<DeadLetterCorrection> Corrections { get; init => field = value ?? []; } = [];

    /// <summary>What it failed with last; null when it only waits behind another one.</summary>
    public DeadLetterError? Error { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was put aside, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it failed last, UTC.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>When its fate was decided, UTC.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Who decided it.</summary>
    public string? SettledBy { get; init; }

    /// <summary>Why, as that person said.</summary>
    public string? Reason { get; init; }

    /// <summary>The document with the data it was corrected to; null where it was not.</summary>
    internal JsonElement? Corrected
    {
        get
        {
            if (Corrections is not [.., var latest])
                return null;
            var document = JsonObject.Create(Document.Clone()) ?? [];
            document["data"] = JsonObject.Create(latest.Data.Clone());
            return JsonSerializer.SerializeToElement(document);
        }
    }
}

/// <summary>A stream that is, or was, parked at an endpoint.</summary>
public sealed record ParkedStream : DeadLetterDocument
{
    internal const string KindName = "stream";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Whether it is parked now.</summary>
    public required ParkedStreamStatus Status { get; init; }

    /// <summary>The version it is parked at.</summary>
    public required long Version { get; init; }

    /// <summary>Events that wait.</summary>
    public int Waiting { get; init; }

    /// <summary>What the first of them failed with.</summary>
    public string? Error { get; init; }

    /// <summary>CLR type of that exception.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Type of the event that failed; null when the document names none.</summary>
    public string? EventType { get; init; }

    /// <summary>When it was parked last, UTC.</summary>
    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>When it went on, UTC.</summary>
    public DateTimeOffset? FreedAt { get; init; }
}

/// <summary>Someone's wish for a parked stream, and what came of it.</summary>
public sealed record DeadLetterRequest : DeadLetterDocument
{
    internal const string KindName = "request";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>What to do.</summary>
    public required DeadLetterAction Action { get; init; }

    /// <summary>With <see cref="DeadLetterAction.Discard"/>, the one version; null for all that wait.</summary>
    public long? Version { get; init; }

    /// <summary>The batch it belongs to; null when it was asked for alone.</summary>
    public string? Batch { get; init; }

    /// <summary>Who asks.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was asked, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where it stands.</summary>
    public DeadLetterRequestStatus Status { get; init; }

    /// <summary>What came of it.</summary>
    public string? Outcome { get; init; }

    /// <summary>Events handled or discarded by it.</summary>
    public int Settled { get; init; }

    /// <summary>When it was finished, UTC.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeadLetter))]
[JsonSerializable(typeof(ParkedStream))]
[JsonSerializable(typeof(DeadLetterRequest))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
