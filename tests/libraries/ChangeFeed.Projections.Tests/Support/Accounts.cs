using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;

namespace ChangeFeed.Projections.Tests.Support;

// A vocabulary for tests: accounts that people open and pay into.
internal sealed record Opened(string Owner);

internal sealed record Deposited(decimal Amount, string Purpose);

internal sealed record Closed(string Reason);

internal sealed record AccountDocument(string Id, string Owner, long Version, decimal Balance, string? ClosedFor = null);

internal sealed record PurposeDocument(string Id, string Purpose, long Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Opened))]
[JsonSerializable(typeof(Deposited))]
[JsonSerializable(typeof(Closed))]
[JsonSerializable(typeof(AccountDocument))]
[JsonSerializable(typeof(PurposeDocument))]
internal sealed partial class AccountsJson : JsonSerializerContext;

internal static class Accounts
{
    public const string Id = "acc-1";

    public static EventTypeMap Types { get; } = new EventTypeMap()
        .Add(AccountsJson.Default.Opened).Add(AccountsJson.Default.Deposited).Add(AccountsJson.Default.Closed);

    /// <summary>A stream in memory.</summary>
    public static List<RecordedEvent> Stream(params object[] events) =>
        [.. events.Select((e, version) => new RecordedEvent(
            Id, version, e.GetType().Name, 1, e, new EventMeta(Guid.NewGuid(), DateTimeOffset.UnixEpoch.AddSeconds(version), "test", Id)))];

    public static AccountDocument? Fold(IEnumerable<RecordedEvent> events) =>
        events.Aggregate((AccountDocument?)null, new AccountProjection().Apply);
}

/// <summary>One document per account, found by its id.</summary>
internal class AccountProjection : IProjection<AccountDocument>
{
    public virtual string Name => "accounts";

    public JsonTypeInfo<AccountDocument> Json => AccountsJson.Default.AccountDocument;

    public AccountDocument? Apply(AccountDocument? current, RecordedEvent next) => (current, next.Data) switch
    {
        (null, Opened e) => new AccountDocument(next.StreamId, e.Owner, next.Version, 0),
        (null, _) => null,
        (_, Deposited e) => current with { Version = next.Version, Balance = current.Balance + e.Amount },
        (_, Closed e) => current with { Version = next.Version, ClosedFor = e.Reason },
        _ => current with { Version = next.Version },
    };

    public virtual ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    public string StreamOf(AccountDocument document) => document.Id;

    public long VersionOf(AccountDocument document) => document.Version;
}

/// <summary>The same, by owner: only the first event tells the key.</summary>
internal sealed class OwnerProjection : AccountProjection
{
    public override string Name => "owners";

    public override ViewKey? KeyOf(RecordedEvent e) => e.Data is Opened opened ? new ViewKey(opened.Owner, e.StreamId) : null;
}

internal sealed record Purposes(string AccountId, IReadOnlyList<(string Purpose, long Version)> Found);

/// <summary>A document for every purpose something was deposited for.</summary>
internal sealed class PurposeProjection : IMultiDocumentProjection<Purposes, PurposeDocument>
{
    public string Name => "purposes";

    public JsonTypeInfo<PurposeDocument> Json => AccountsJson.Default.PurposeDocument;

    public Purposes? Apply(Purposes? current, RecordedEvent next) => next.Data switch
    {
        Opened => new Purposes(next.StreamId, []),
        Deposited e when current is not null => current with { Found = [.. current.Found, (e.Purpose, next.Version)] },
        _ => current,
    };

    public IEnumerable<(ViewKey Key, PurposeDocument Document)> Documents(Purposes state) =>
        state.Found.Select(f => (new ViewKey(f.Purpose, state.AccountId), new PurposeDocument(state.AccountId, f.Purpose, f.Version)));

    public string StreamOf(PurposeDocument document) => document.Id;

    public long VersionOf(PurposeDocument document) => document.Version;
}
