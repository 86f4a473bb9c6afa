using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;

namespace ChangeFeed.Sinks.Tests.Support;

internal sealed record Opened(string Owner);

internal sealed record Deposited(int Amount);

internal sealed record OwnerForgotten;

internal sealed record Account(string Id, long Version, string Owner, int Balance, bool IsForgotten = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Opened))]
[JsonSerializable(typeof(Deposited))]
[JsonSerializable(typeof(OwnerForgotten))]
[JsonSerializable(typeof(Account))]
internal sealed partial class AccountsJson : JsonSerializerContext;

internal sealed class AccountProjection : IProjection<Account>
{
    public static EventTypeMap Types { get; } = new EventTypeMap()
        .Add(AccountsJson.Default.Opened).Add(AccountsJson.Default.Deposited).Add(AccountsJson.Default.OwnerForgotten);

    public string Name => "accounts";

    public JsonTypeInfo<Account> Json => AccountsJson.Default.Account;

    public Account? Apply(Account? current, RecordedEvent next) => (current, next.Data) switch
    {
        (null, Opened e) => new Account(next.StreamId, next.Version, e.Owner, 0),
        (null, _) => null,
        (_, Deposited e) => current with { Version = next.Version, Balance = current.Balance + e.Amount },
        (_, OwnerForgotten) => current with { Version = next.Version, IsForgotten = true },
        _ => current with { Version = next.Version },
    };

    public ViewKey? KeyOf(RecordedEvent e) => ViewKey.ById(e.StreamId);

    public string StreamOf(Account document) => document.Id;

    public long VersionOf(Account document) => document.Version;

    public bool Ends(Account document) => document.IsForgotten;
}
