using System.Text.Json.Serialization;

namespace Orders.TaxAudit;

/// <summary>What the books need to know about tax charged or given back; written once, never changed.</summary>
/// <param name="Id">The id of the event it records.</param>
/// <param name="Period">Partition key: jurisdiction and month, <c>US-WA_2026-11</c>.</param>
/// <param name="Type">The type of the event.</param>
/// <param name="Taxable">Amount without tax; negative where it went back.</param>
/// <param name="Tax">Negative where it went back.</param>
/// <param name="RateValidFrom">Since when the rate is in force.</param>
public sealed record TaxAuditRecord(
    string Id,
    string Period,
    string Type,
    string OrderId,
    long Version,
    DateTimeOffset At,
    string Jurisdiction,
    decimal Rate,
    DateOnly RateValidFrom,
    string Currency,
    decimal Taxable,
    decimal Tax);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TaxAuditRecord))]
public sealed partial class TaxAuditJson : JsonSerializerContext;
