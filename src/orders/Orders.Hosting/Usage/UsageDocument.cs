using System.Text.Json.Serialization;

namespace Orders.Hosting.Usage;

/// <summary>What one process has used of the store in a while; a document of the container of controls that is gone after a day.</summary>
/// <param name="Id">Process and time.</param>
/// <param name="Service">The service: the partition key.</param>
/// <param name="From">When the while began, UTC.</param>
/// <param name="At">When it ended, UTC.</param>
/// <param name="RequestUnits">What the process used in it.</param>
public sealed record UsageDocument(
    string Id, [property: JsonPropertyName("endpoint")] string Service, DateTimeOffset From, DateTimeOffset At, double RequestUnits)
{
    /// <summary>What tells it from the other documents of the container.</summary>
    public const string KindName = "usage";

    /// <summary>How long it stays.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <inheritdoc cref="KindName"/>
    public string Kind { get; } = KindName;

    /// <summary>Seconds after which the store forgets it.</summary>
    public int Ttl { get; } = (int)Kept.TotalSeconds;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UsageDocument))]
internal sealed partial class UsageJson : JsonSerializerContext;
