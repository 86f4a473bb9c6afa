using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;

namespace ChangeFeed.Emulator.Protocol.Batch;

/// <summary>The two row layouts of the batch format.</summary>
internal static class BatchLayouts
{
    private static readonly SchemaId OperationSchema = new(2145473648);
    private static readonly SchemaId ResultSchema = new(2145473649);

    public static readonly LayoutResolver Resolver = new LayoutResolverNamespace(Namespace());

    public static readonly Layout Result = Resolver.Resolve(ResultSchema);

    private static Namespace Namespace()
    {
        var operation = Schema("BatchOperation", OperationSchema,
        [
            ("operationType", TypeKind.Int32, StorageKind.Fixed),
            ("resourceType", TypeKind.Int32, StorageKind.Fixed),
            ("partitionKey", TypeKind.Utf8, StorageKind.Variable),
            ("effectivePartitionKey", TypeKind.Binary, StorageKind.Variable),
            ("id", TypeKind.Utf8, StorageKind.Variable),
            ("binaryId", TypeKind.Binary, StorageKind.Variable),
            ("resourceBody", TypeKind.Binary, StorageKind.Variable),
            ("indexingDirective", TypeKind.Utf8, StorageKind.Sparse),
            ("ifMatch", TypeKind.Utf8, StorageKind.Sparse),
            ("ifNoneMatch", TypeKind.Utf8, StorageKind.Sparse),
            ("timeToLiveInSeconds", TypeKind.Int32, StorageKind.Sparse),
            ("minimalReturnPreference", TypeKind.Boolean, StorageKind.Sparse),
        ]);
        var result = Schema("BatchResult", ResultSchema,
        [
            ("statusCode", TypeKind.Int32, StorageKind.Fixed),
            ("subStatusCode", TypeKind.Int32, StorageKind.Fixed),
            ("eTag", TypeKind.Utf8, StorageKind.Variable),
            ("resourceBody", TypeKind.Binary, StorageKind.Variable),
            ("retryAfterMilliseconds", TypeKind.UInt32, StorageKind.Sparse),
            ("requestCharge", TypeKind.Float64, StorageKind.Sparse),
        ]);
        var layouts = new Namespace { Name = "Microsoft.Azure.Cosmos.BatchApi", Version = SchemaLanguageVersion.V1 };
        layouts.Schemas.Add(operation);
        layouts.Schemas.Add(result);
        return layouts;
    }

    private static Schema Schema(string name, SchemaId id, (string Path, TypeKind Type, StorageKind Storage)[] properties)
    {
        var schema = new Schema { Name = name, SchemaId = id, Type = TypeKind.Schema };
        foreach (var (path, type, storage) in properties)
            schema.Properties.Add(new() { Path = path, PropertyType = new PrimitivePropertyType { Type = type, Storage = storage } });
        return schema;
    }
}
