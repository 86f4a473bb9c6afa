namespace ChangeFeed.Emulator.Model;

/// <summary>Sub-status codes of the service that the SDK or its users act on.</summary>
internal static class SubStatus
{
    public const int None = 0;
    public const int PartitionKeyMismatch = 1001;
    public const int PartitionKeyRangeGone = 1002;
    public const int ThroughputExceeded = 3200;
    public const int PatchConditionFailed = 1110;
}

/// <summary>A request that is answered with an error status, sub-status and message.</summary>
internal sealed class CosmosErrorException(int status, string code, string message, int subStatus = SubStatus.None) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public int SubStatusCode => subStatus;

    public static CosmosErrorException BadRequest(string message, int subStatus = SubStatus.None) =>
        new(400, "BadRequest", message, subStatus);

    public static CosmosErrorException NotFound(string message) => new(404, "NotFound", message);

    public static CosmosErrorException Conflict(string message) => new(409, "Conflict", message);

    public static CosmosErrorException PreconditionFailed(string message, int subStatus = SubStatus.None) =>
        new(412, "PreconditionFailed", message, subStatus);

    public static CosmosErrorException TooLarge(string message) => new(413, "RequestEntityTooLarge", message);

    public static CosmosErrorException RangeGone(string range) =>
        new(410, "Gone", $"The partition key range '{range}' is gone: it was split.", SubStatus.PartitionKeyRangeGone);

    public static CosmosErrorException NotImplemented(string feature) =>
        new(501, "NotImplemented", $"This endpoint does not have {feature}.");
}
