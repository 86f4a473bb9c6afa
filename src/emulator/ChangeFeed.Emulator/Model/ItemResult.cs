namespace ChangeFeed.Emulator.Model;

/// <summary>What became of one operation.</summary>
internal readonly record struct ItemResult(int Status)
{
    public int SubStatus { get; init; }

    public string? Code { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Message { get; init; }

    public string? Etag { get; init; }

    public byte[]? Body { get; init; }

    public double Charge { get; init; }

    public bool IsSuccess => Status < 400;

    public static ItemResult From(CosmosErrorException error) =>
        new(error.Status) { Code = error.Code, Message = error.Message, SubStatus = error.SubStatusCode, Charge = RequestCharge.Failure };

    public static ItemResult NotFound(string id) =>
        From(CosmosErrorException.NotFound($"There is no item '{id}' with this partition key."));

    public static ItemResult Conflict(string id) => From(CosmosErrorException.Conflict($"The item '{id}' exists already."));

    public static ItemResult UniqueKeyViolation(string message) =>
        new(409) { Code = "Conflict", Message = $"Unique index constraint violation. {message}", Charge = RequestCharge.Failure };

    public static ItemResult PreconditionFailed(string message, int subStatus = 0) =>
        From(CosmosErrorException.PreconditionFailed(message, subStatus));

    public static ItemResult FailedDependency() =>
        new(424) { Code = "FailedDependency", Message = "Another operation of the batch failed." };
}
