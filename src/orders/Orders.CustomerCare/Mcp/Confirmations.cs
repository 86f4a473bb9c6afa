using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;
using Orders.CustomerCare.Auditing;
using Orders.Hosting;
using Orders.Web;

namespace Orders.CustomerCare.Mcp;

/// <summary>
/// Tokens for what was looked at and is to be done. Each is a record of the audit trail, of who asked what would happen: every instance knows
/// it, it outlives a restart, and the one conditional write that uses it up can succeed once. Only its hash is kept.
/// </summary>
internal sealed class Confirmations(OrdersDatabase database, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string Confirmed = "confirmed";
    private const string Seen = "seen";
    private const string Caller = "caller";

    private Container Trail => database.Get(AuditContainers.CareAudit);

    /// <summary>Keeps what somebody was told would happen.</summary>
    /// <returns>The token that lets them, and nobody else, do just this.</returns>
    public async Task<(string Token, DateTimeOffset ValidUntil)> AskAsync(Proposal proposal, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var now = time.GetUtcNow();
        var record = new AuditRecord
        {
            Id = IdOf(token),
            Subject = proposal.Subject,
            Who = user.Identity!.Name!,
            At = now,
            Action = ActionOf(proposal),
            Why = proposal.Reason,
            What = new Dictionary<string, string> { [Seen] = proposal.Seen, [Caller] = user.Identity.AuthenticationType! },
        };
        using var response = await Trail.CreateItemStreamAsync(
            AuditTrail.Body(record), new PartitionKey(record.Subject), cancellationToken: cancellationToken);
        response.EnsureSuccessStatusCode();
        return (token, now + Lifetime);
    }

    /// <summary>Uses a token up.</summary>
    /// <returns>What its proposal was made from.</returns>
    /// <exception cref="InvalidRequestException">It is not one for this, by this caller, at this time, or things have changed since.</exception>
    public async Task<string> UseAsync(string token, Proposal proposal, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        using var document = await Trail.FindAsync(IdOf(token), proposal.Subject, cancellationToken);
        var record = document?.RootElement.Deserialize<AuditRecord>(JsonSerializerOptions.Web);
        if (record is null || record.Action != ActionOf(proposal) || record.Why != proposal.Reason || record.Who != user.Identity!.Name
            || record.What?.GetValueOrDefault(Caller) != user.Identity.AuthenticationType)
            throw Refused("Is none of yours for this action, this target and this reason.");
        if (record.Outcome is not null)
            throw Refused("Was used already.");
        if (time.GetUtcNow() >= record.At + Lifetime)
            throw Refused($"Was good for {Lifetime.TotalMinutes} minutes.");
        var seen = record.What![Seen];
        if (!proposal.LooksForItself && seen != proposal.Seen)
            throw Refused("Was given for things as they stood; they have changed since.");
        using var response = await Trail.ReplaceItemStreamAsync(
            AuditTrail.Body(record with { Outcome = Confirmed }), record.Id, new PartitionKey(record.Subject),
            new ItemRequestOptions { IfMatchEtag = document!.RootElement.GetProperty("_etag"u8).GetString() }, cancellationToken);
        if (response.StatusCode == HttpStatusCode.PreconditionFailed)
            throw Refused("Was used already.");
        response.EnsureSuccessStatusCode();
        return seen;
    }

    private static string ActionOf(Proposal proposal) => $"ask-{proposal.Action}";

    private static string IdOf(string token) => $"ask-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";

    private static InvalidRequestException Refused(string why) =>
        InvalidRequestException.Of("token", $"{why} Leave it out to see what would happen, and get a new one.");
}
