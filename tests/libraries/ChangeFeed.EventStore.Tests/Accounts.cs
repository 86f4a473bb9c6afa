using System.Text.Json.Serialization;

namespace ChangeFeed.EventStore.Tests;

/// <summary>Someone opened an account. First event of every stream.</summary>
public sealed record AccountOpened(string Owner, IReadOnlyList<string> Currencies);

/// <summary>Money came in.</summary>
public sealed record MoneyDeposited(string Currency, decimal Amount, DateOnly On);

/// <summary>The account ended.</summary>
public sealed record AccountClosed(string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccountOpened))]
[JsonSerializable(typeof(MoneyDeposited))]
[JsonSerializable(typeof(AccountClosed))]
internal sealed partial class AccountJson : JsonSerializerContext;

/// <summary>The vocabulary of these tests, and an example of each event.</summary>
internal static class Accounts
{
    public static readonly AccountOpened Opened = new("Ada", ["USD", "EUR"]);
    public static readonly MoneyDeposited Deposited = new("USD", 99.80m, new DateOnly(2026, 1, 1));
    public static readonly AccountClosed Closed = new("moved away");

    public static EventTypeMap Map { get; } = new EventTypeMap()
        .Add(AccountJson.Default.AccountOpened)
        .Add(AccountJson.Default.MoneyDeposited)
        .Add(AccountJson.Default.AccountClosed);

    public static string NewId() => Guid.NewGuid().ToString();
}
