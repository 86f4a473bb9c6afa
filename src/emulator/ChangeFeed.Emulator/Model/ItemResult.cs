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
        new(404) { Code = "NotFound", Message = $"There is no item '{id}' with this partition key.", Charge = RequestCharge.Failure };

    public static ItemResult Conflict(string message) => new(409) { Code = "Conflict", Message = message, Charge = RequestCharge.Failure };

    public static ItemResult PreconditionFailed(string message, int subStatus = 0) =>
        new(412) { Code = "PreconditionFailed", Message = message, SubStatus = subStatus, Charge = RequestCharge.Failure };

    public static ItemResult FailedDependency() =>
        new(424) { Code = "FailedDependency", Message = "Another operation of the batch failed." };
}
