using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Tests.Model;

public sealed class ResourceIdTests
{
    [Fact]
    public void Rids_contain_those_of_their_parents_and_the_mark_of_their_kind()
    {
        var container = ResourceId.ContainerBytes(0x04030201, 5);
        Bytes(ResourceId.Database(0x04030201)).ShouldBe([1, 2, 3, 4]);
        Bytes(ResourceId.Container(0x04030201, 5)).ShouldBe([1, 2, 3, 4, 0x80, 0, 0, 5]);
        Bytes(ResourceId.Document(container, 0x0102)).ShouldBe([1, 2, 3, 4, 0x80, 0, 0, 5, 2, 1, 0, 0, 0, 0, 0, 0]);
        (Bytes(ResourceId.PartitionKeyRange(container, 7))[15] & 0xF0).ShouldBe(0x50);
        ResourceId.Offer(70000).Length.ShouldBe(4);
    }

    [Fact]
    public void Rids_never_contain_a_slash() => ResourceId.Database(0xFFFFFFFF).ShouldBe("-----w==");

    private static byte[] Bytes(string rid) => Convert.FromBase64String(rid.Replace('-', '/'));
}
