namespace ChangeFeed.EventStore.Tests;

public sealed class DeterministicGuidTests
{
    // The example of RFC 9562, appendix A.4: version 5 of "www.example.com" in the DNS namespace.
    [Fact]
    public void It_gives_the_example_of_the_rfc() =>
        DeterministicGuid.Create(Guid.Parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com")
            .ShouldBe(Guid.Parse("2ed6657d-e927-568b-95e1-2665a8aea6a2"));

    [Fact]
    public void Another_name_or_namespace_gives_another_id()
    {
        var ns = Guid.NewGuid();
        DeterministicGuid.Create(ns, "tax/0").ShouldBe(DeterministicGuid.Create(ns, "tax/0"));
        DeterministicGuid.Create(ns, "tax/0").ShouldNotBe(DeterministicGuid.Create(ns, "tax/1"));
        DeterministicGuid.Create(ns, "tax/0").ShouldNotBe(DeterministicGuid.Create(Guid.NewGuid(), "tax/0"));
    }
}
