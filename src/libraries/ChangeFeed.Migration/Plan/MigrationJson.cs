using System.Text.Json.Serialization;
using ChangeFeed.Migration.Fencing;

namespace ChangeFeed.Migration.Plan;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MigrationPlan))]
[JsonSerializable(typeof(MigrationRange))]
[JsonSerializable(typeof(VerifiedRange))]
[JsonSerializable(typeof(DirectoryEntry))]
[JsonSerializable(typeof(Member))]
internal sealed partial class MigrationJson : JsonSerializerContext;
