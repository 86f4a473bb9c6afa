namespace ChangeFeed.Emulator.Model;

/// <summary>Sub-status codes of the service that the SDK or its users act on.</summary>
internal static class SubStatus
{
    public const int None = 0;
    public const int WriteForbidden = 3;
    public const int PartitionKeyMismatch = 1001;
    public const int PartitionKeyRangeGone = 1002;
    public const int ReadSessionNotAvailable = 1002;
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

    // Programs look for the service's sentences in messages; what is wrong in particular comes behind them.
    public const string IsNotFound = "Resource Not Found. ";
    public const string IsConflict = "Resource with specified id or name already exists. ";
    public const string IsPreconditionFailed = "One of the specified pre-condition is not met. ";

    public static CosmosErrorException NotFound(string message, int subStatus = SubStatus.None) =>
        new(404, "NotFound", IsNotFound + message, subStatus);

    public static CosmosErrorException Conflict(string message) => new(409, "Conflict", IsConflict + message);

    public static CosmosErrorException PreconditionFailed(string message, int subStatus = SubStatus.None) =>
        new(412, "PreconditionFailed", IsPreconditionFailed + message, subStatus);

    public static CosmosErrorException TooLarge(string message) =>
        new(413, "RequestEntityTooLarge", "Request size is too large. " + message);

    public static CosmosErrorException RangeGone(string range) =>
        new(410, "Gone", $"The partition key range '{range}' is gone: it was split.", SubStatus.PartitionKeyRangeGone);

    public static CosmosErrorException WriteForbidden(string region) => new(
        403,
        "Forbidden",
        $"The requested operation cannot be performed at this region. '{region}' is not the write region; the account document names it.",
        SubStatus.WriteForbidden);

    public static CosmosErrorException NotImplemented(string feature) =>
        new(501, "NotImplemented", $"This endpoint does not have {feature}.");
}
