using System.Text.Json.Serialization;
using ChangeFeed.MassTransit;

namespace Orders.CustomerCare.DeadLetters.Batches;

/// <summary>A parked order a batch has asked for, or is about to.</summary>
public sealed record BatchItem(string Service, string StreamId);

/// <summary>One that could not be carried out, and why.</summary>
public sealed record BatchFailure(string Service, string StreamId, string? Outcome);

/// <summary>
/// A replay or discard of many parked orders, as far as it is. It is all there is to know: whoever reads it can go on with it. A document
/// of the dead-letter container under a service name that none can have.
/// </summary>
internal sealed record BatchDocument
{
    public const string Partition = ".batches";
    public const string KindName = "batch";

    /// <summary>Most orders asked for at once: each service looks through those that are open every few seconds.</summary>
    public const int MaxOpen = 200;

    /// <summary>Most failures kept by name; all are counted.</summary>
    public const int MaxFailures = 50;

    public required string Id { get; init; }

    public string Endpoint { get; } = Partition;

    public string Kind { get; } = KindName;

    public required DeadLetterAction Action { get; init; }

    /// <summary>Which orders; those parked after the dry run are not among them.</summary>
    public required ParkedFilter Filter { get; init; }

    public required string By { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>How many orders the dry run found.</summary>
    public required int Total { get; init; }

    /// <summary>Services still to be gone through; the first of them is being gone through.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>The last order of the first service that was taken up.</summary>
    public string After { get; init; } = "";

    /// <summary>Taken up and not finished.</summary>
    public IReadOnlyList<BatchItem> Open { get; init; } = [];

    public int Done { get; init; }

    public int Failed { get; init; }

    /// <summary>Events handled or discarded.</summary>
    public int Settled { get; init; }

    public IReadOnlyList<BatchFailure> Failures { get; init; } = [];

    /// <summary>Seconds in which somebody worked on it; a pause in between does not count.</summary>
    public double WorkedSeconds { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    [JsonPropertyName("_etag")]
    public string? ETag { get; init; }

    /// <summary>The batch with more orders taken up, which is to be stored before anything is asked for them.</summary>
    /// <param name="next">Those that follow at the first service.</param>
    /// <param name="wanted">How many were looked for; fewer say that the service has no more.</param>
    public BatchDocument Take(IReadOnlyList<string> next, int wanted) => next.Count == wanted
        ? this with { Open = [.. Open, .. next.Select(stream => new BatchItem(Services[0], stream))], After = next[^1] }
        : this with { Open = [.. Open, .. next.Select(stream => new BatchItem(Services[0], stream))], After = "", Services = [.. Services.Skip(1)] };

    /// <summary>The batch after a look at what came of the orders it has taken up.</summary>
    public BatchDocument Note(IReadOnlyList<DeadLetterRequest> requests, DateTimeOffset now)
    {
        var finished = requests.Where(request => request.Status != DeadLetterRequestStatus.Open).ToList();
        var failed = finished.Where(request => request.Status == DeadLetterRequestStatus.Failed).ToList();
        var gone = finished.Select(request => new BatchItem(request.Endpoint, request.StreamId)).ToHashSet();
        var open = Open.Where(item => !gone.Contains(item)).ToList();
        var passed = (now - (UpdatedAt ?? now)).TotalSeconds;
        return this with
        {
            Open = open,
            Done = Done + finished.Count - failed.Count,
            Failed = Failed + failed.Count,
            Settled = Settled + finished.Sum(request => request.Settled),
            Failures = [.. Failures.Concat(failed.Select(f => new BatchFailure(f.Endpoint, f.StreamId, f.Outcome))).Take(MaxFailures)],
            WorkedSeconds = WorkedSeconds + (passed is > 0 and < 30 ? passed : 0),
            UpdatedAt = now,
            FinishedAt = open.Count == 0 && Services.Count == 0 ? now : null,
        };
    }
}
