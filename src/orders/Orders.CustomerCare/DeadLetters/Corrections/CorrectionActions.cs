using System.Globalization;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Orders.Contracts;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>Corrects the data of events that wait, in the name of an agent. What a replay then hands over is the corrected copy.</summary>
internal sealed class CorrectionActions(DeadLetterClient deadLetters, AuditTrail audit)
{
    private const string NothingWaits = "it does not wait any more";

    /// <summary>The letter of an event; null when none was put aside.</summary>
    public async Task<DeadLetter?> FindAsync(string service, string streamId, long version, CancellationToken cancellationToken) =>
        (await deadLetters.LettersAsync(service, streamId, cancellationToken)).FirstOrDefault(letter => letter.Version == version);

    /// <summary>What the latest correction changes in what was put aside.</summary>
    public static IReadOnlyList<DataChange> ChangesOf(DeadLetter letter) =>
        letter.Corrections is [.., var latest] ? DataChange.Between(DataOf(letter), latest.Data) : [];

    /// <summary>The data as it was put aside.</summary>
    public static JsonElement DataOf(DeadLetter letter) =>
        letter.Document.ValueKind == JsonValueKind.Object && letter.Document.TryGetProperty("data", out var data) ? data : default;

    /// <returns>The letter with the correction; null when the event does not wait.</returns>
    /// <exception cref="InvalidRequestException">The data or the reason is wrong.</exception>
    public async Task<DeadLetter?> CorrectAsync(
        string service, DeadLetter letter, JsonElement data, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        var changes = DataChange.Between(DataOf(letter), data);
        if (changes.Count == 0)
            throw InvalidRequestException.Of("data", "Is what was put aside: nothing would be corrected.");
        try
        {
            // Which values there were and are is in the letter, which goes away with what else is known of a person; the audit trail stays.
            return await audit.DoAsync(
                AuditSubject.Stream(letter.StreamId), agent, "correct", why,
                () => deadLetters.CorrectAsync(service, letter.StreamId, letter.Version, data, OrderEvents.Map, agent, why, cancellationToken),
                cancellationToken,
                new Dictionary<string, string>
                {
                    ["service"] = service,
                    ["version"] = letter.Version.ToString(CultureInfo.InvariantCulture),
                    ["changes"] = string.Join(", ", changes.Take(50).Select(change => change.Path)),
                },
                corrected => corrected is null ? NothingWaits : null);
        }
        catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException)
        {
            throw InvalidRequestException.Of("data", $"Is none of a {letter.Type ?? "known event"}: {e.Message.Split('|')[0].Trim()}");
        }
    }
}
