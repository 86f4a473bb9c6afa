using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.Projections.Rebuild;

namespace ChangeFeed.Projections.Versions;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ViewEntry))]
[JsonSerializable(typeof(BuildPlan))]
[JsonSerializable(typeof(BuildRange))]
internal sealed partial class ViewMetadataJson : JsonSerializerContext;
