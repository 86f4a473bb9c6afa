
namespace ChangeFeed.Emulator.Protocol;

/// <summary>The headers of the wire protocol.</summary>
internal static class Headers
{
    public const string Date = "x-ms-date";
    public const string ActivityId = "x-ms-activity-id";
    public const string Version = "x-ms-version";
    public const string ConsistencyLevel = "x-ms-consistency-level";
    public const string IndexingDirective = "x-ms-indexing-directive";
    public const string SerializationFormats = "x-ms-cosmos-supported-serialization-formats";
    public const string ContentPath = "x-ms-content-path";
    public const string AltContentPath = "x-ms-alt-content-path";
    public const string SharedThroughput = "x-ms-share-throughput";
    public const string IndexProgress = "x-ms-documentdb-collection-index-transformation-progress";
    public const string ResourceQuota = "x-ms-resource-quota";
    public const string ResourceUsage = "x-ms-resource-usage";
    public const string PopulateQuota = "x-ms-documentdb-populatequotainfo";
    public const string ExcludeSystemProperties = "x-ms-exclude-system-properties";
    public const string EnableScan = "x-ms-documentdb-query-enable-scan";
    public const string PopulateIndexMetrics = "x-ms-cosmos-populateindexmetrics";
    public const string PopulateIndexMetricsV2 = "x-ms-cosmos-populateindexmetrics-V2";
    public const string IndexUtilization = "x-ms-cosmos-index-utilization";
    public const string RequiresDistribution = "x-ms-cosmos-query-requiresdistribution";
    public const string RequestCharge = "x-ms-request-charge";
    public const string HubRegionOnly = "x-ms-cosmos-hub-region-processing-only";
    public const string SessionToken = "x-ms-session-token";
    public const string SubStatus = "x-ms-substatus";
    public const string RetryAfter = "x-ms-retry-after-ms";
    public const string Lsn = "lsn";
    public const string ItemCount = "x-ms-item-count";
    public const string MaxItemCount = "x-ms-max-item-count";
    public const string Continuation = "x-ms-continuation";
    public const string PartitionKey = "x-ms-documentdb-partitionkey";
    public const string PartitionKeyRangeId = "x-ms-documentdb-partitionkeyrangeid";
    public const string StartEpk = "x-ms-start-epk";
    public const string EndEpk = "x-ms-end-epk";
    public const string IsQuery = "x-ms-documentdb-isquery";
    public const string IsQueryPlan = "x-ms-cosmos-is-query-plan-request";
    public const string IsUpsert = "x-ms-documentdb-is-upsert";
    public const string IsBatch = "x-ms-cosmos-is-batch-request";
    public const string BatchAtomic = "x-ms-cosmos-batch-atomic";
    public const string BatchContinueOnError = "x-ms-cosmos-batch-continue-on-error";
    public const string ChangeFeed = "A-IM";
    public const string OfferThroughput = "x-ms-offer-throughput";
    public const string OfferAutopilot = "x-ms-cosmos-offer-autopilot-settings";
    public const string MinimumThroughput = "x-ms-cosmos-min-throughput";
    public const string IntendedContainer = "x-ms-cosmos-intended-collection-rid";
    public const string EnumerationDirection = "x-ms-enumeration-direction";
    public const string PreTriggers = "x-ms-documentdb-pre-trigger-include";
    public const string PostTriggers = "x-ms-documentdb-post-trigger-include";
    public const string QueryMetrics = "x-ms-documentdb-query-metrics";

    /// <summary>Our own: hold a change feed read with nothing to say for so many milliseconds.</summary>
    public const string LongPoll = "x-ms-emulator-longpoll";

    /// <summary>Our own: wait so many milliseconds for more once a held change feed read has something to say.</summary>
    public const string Linger = "x-ms-emulator-linger";

    /// <summary>Our own: <c>property=value,value</c>; a document with one of the values is not kept waiting for more.</summary>
    public const string Wake = "x-ms-emulator-wake";

    /// <summary>Our own: how many physical partitions a new container begins with.</summary>
    public const string Partitions = "x-ms-emulator-partitions";
}
