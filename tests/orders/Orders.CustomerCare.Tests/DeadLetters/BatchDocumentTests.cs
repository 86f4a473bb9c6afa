using ChangeFeed.MassTransit;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.DeadLetters.Batches;

namespace Orders.CustomerCare.Tests.DeadLetters;

public sealed class BatchDocumentTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    private static BatchDocument New => new()
    {
        Id = "b",
        Action = DeadLetterAction.Replay,
        Filter = new ParkedFilter(),
        By = "ada",
        At = At,
        Total = 5,
        Services = ["payment", "tax"],
        UpdatedAt = At,
    };

    [Fact]
    public void It_goes_through_one_service_after_the_other_and_remembers_how_far()
    {
        var first = New.Take(["a", "b"], wanted: 2);
        (first.After, first.Services.Count).ShouldBe(("b", 2));
        var second = first.Take(["c"], wanted: 2);
        (second.After, string.Join(" ", second.Services)).ShouldBe(("", "tax"));
        var third = second.Take(["a"], wanted: 3);
        third.Services.ShouldBeEmpty();
        third.Open.ShouldBe([new("payment", "a"), new("payment", "b"), new("payment", "c"), new("tax", "a")]);
    }

    [Fact]
    public void It_counts_what_is_finished_and_ends_when_nothing_is_left()
    {
        var taken = New.Take(["a", "b"], wanted: 3).Take(["a"], wanted: 2);

        var half = taken.Note(
            [Request("payment", "a", DeadLetterRequestStatus.Done), Request("payment", "b", DeadLetterRequestStatus.Open),
            Request("tax", "a", DeadLetterRequestStatus.Failed)], At.AddSeconds(2));
        (half.Done, half.Failed, half.Settled, half.WorkedSeconds, half.FinishedAt).ShouldBe((1, 1, 3, 2, null));
        half.Failures.ShouldBe([new("tax", "a", "as before")]);
        half.Open.ShouldBe([new("payment", "b")]);
        var view = BatchView.Of(half);
        (view.Rate, view.SecondsLeft).ShouldBe((1, 3));

        var whole = half.Note([Request("payment", "b", DeadLetterRequestStatus.Done)], At.AddHours(2));
        (whole.Done, whole.Failed, whole.WorkedSeconds, whole.FinishedAt).ShouldBe((2, 1, 2, At.AddHours(2)));
        BatchView.Of(whole).SecondsLeft.ShouldBeNull();
    }

    private static DeadLetterRequest Request(string service, string stream, DeadLetterRequestStatus status) => new()
    {
        Id = "r",
        Endpoint = service,
        StreamId = stream,
        Action = DeadLetterAction.Replay,
        By = "ada",
        At = At,
        Status = status,
        Settled = status == DeadLetterRequestStatus.Done ? 3 : 0,
        Outcome = "as before",
    };
}
