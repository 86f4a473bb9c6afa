using System.ComponentModel;
using ChangeFeed.MassTransit;

namespace Orders.CustomerCare.DeadLetters.Batches;

/// <summary>How many of the orders are parked at one service.</summary>
public sealed record BatchShare(string Service, int Orders);

/// <summary>What a batch would touch.</summary>
public sealed record BatchPreview(
    DeadLetterAction Action,
    [property: Description("How many parked orders it would touch.")] int Total,
    [property: Description("How many at which service.")] IReadOnlyList<BatchShare> Services,
    [property: Description("The first hundred of them.")] IReadOnlyList<ParkedKey> Streams,
    [property: Description("Send it with `dryRun: false` to start exactly this.")] string Token);

/// <summary>How far a batch is.</summary>
public sealed record BatchView
{
    public required string Id { get; init; }

    public required DeadLetterAction Action { get; init; }

    [Description("Which orders; `to` is at most the moment of the dry run.")]
    public required ParkedFilter Filter { get; init; }

    [Description("Who started it.")]
    public required string By { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset At { get; init; }

    [Description("Orders it was started for.")]
    public required int Total { get; init; }

    [Description("Orders that went on.")]
    public required int Done { get; init; }

    [Description("Orders that could not be handled and stay parked.")]
    public required int Failed { get; init; }

    [Description("Orders asked for whose service has not answered yet.")]
    public required int Open { get; init; }

    [Description("Events handled or discarded.")]
    public required int Settled { get; init; }

    [Description("Orders it is through with in a second; absent at the beginning.")]
    public double? Rate { get; init; }

    [Description("Seconds it will take at that rate; absent at the beginning and at the end.")]
    public double? SecondsLeft { get; init; }

    [Description("The first fifty that failed, and why.")]
    public required IReadOnlyList<BatchFailure> Failures { get; init; }

    [Description("Absent while it runs.")]
    public DateTimeOffset? FinishedAt { get; init; }

    internal static BatchView Of(BatchDocument batch)
    {
        var through = batch.Done + batch.Failed;
        double? rate = through > 0 && batch.WorkedSeconds > 0 ? Math.Round(through / batch.WorkedSeconds, 2) : null;
        return new BatchView
        {
            Id = batch.Id,
            Action = batch.Action,
            Filter = batch.Filter,
            By = batch.By,
            Reason = batch.Reason,
            At = batch.At,
            Total = batch.Total,
            Done = batch.Done,
            Failed = batch.Failed,
            Open = batch.Open.Count,
            Settled = batch.Settled,
            Rate = rate,
            SecondsLeft = batch.FinishedAt is null && rate > 0 ? Math.Round(Math.Max(0, batch.Total - through) / rate.Value, 1) : null,
            Failures = batch.Failures,
            FinishedAt = batch.FinishedAt,
        };
    }
}
