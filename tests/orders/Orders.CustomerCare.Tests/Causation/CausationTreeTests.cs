using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.CustomerCare.Causation;

namespace Orders.CustomerCare.Tests.Causation;

public sealed class CausationTreeTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(0, 5).Select(i => new Guid(i + 1, 0, 0, new byte[8]))];

    [Fact]
    public void Events_stand_under_what_caused_them()
    {
        // 0 led to 1 and 3; 2 came from outside and led to 4.
        var tree = CausationTree.Build([Event(0), Event(1, Ids[0]), Event(2), Event(3, Ids[0]), Event(4, Ids[2])]);

        Shape(tree).ShouldBe("0(1 3) 2(4)");
    }

    [Fact]
    public void A_cause_that_is_not_in_the_stream_is_outside() => Shape(CausationTree.Build([Event(0, Guid.NewGuid()), Event(1, Ids[0])])).ShouldBe("0(1)");

    [Fact]
    public void A_document_that_claims_a_later_cause_does_not_make_a_circle() =>
        Shape(CausationTree.Build([Event(0, Ids[1]), Event(1, Ids[0]), Event(2, Ids[2])])).ShouldBe("0(1) 2");

    [Fact]
    public void Nothing_is_an_empty_tree() => CausationTree.Build([]).ShouldBeEmpty();

    private static RecordedEvent Event(int version, Guid? cause = null) => new(
        "order", version, "Event", 1, new object(), new EventMeta(Ids[version], DateTimeOffset.UnixEpoch.AddSeconds(version), "test", "order", cause));

    private static string Shape(IReadOnlyList<CausedEvent> nodes) =>
        string.Join(' ', nodes.Select(n => n.Led.Count == 0 ? $"{n.Version}" : $"{n.Version}({Shape(n.Led)})"));
}
