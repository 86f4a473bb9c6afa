using System.Text.Json.Serialization;
using Orders.ReadModels.Statistics;

namespace Orders.ReadModels;

/// <summary>Source-generated JSON metadata of the stored documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderStatusDocument))]
[JsonSerializable(typeof(CustomerDocument))]
[JsonSerializable(typeof(ProductDocument))]
[JsonSerializable(typeof(ErasureDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(DeletionDocument))]
[JsonSerializable(typeof(RenamingDocument))]
[JsonSerializable(typeof(StatisticsDocument))]
public sealed partial class ReadModelsJson : JsonSerializerContext;
