using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.MassTransit.Tests.Rider;

/// <summary>What is refused before anything starts.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public async Task Wrong_settings_are_told_all_at_once_by_name()
    {
        var e = Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddChangeFeed(feed =>
        {
            feed.Endpoint("tax", endpoint => endpoint.ConcurrentStreams = 0);
            feed.Endpoint("tax", endpoint => endpoint.OnFailure = FailurePolicy.Block);
        }));

        e.Message.ShouldContain("ConcurrentStreams is 0");
        e.Message.ShouldContain("'tax' has no source");
        e.Message.ShouldContain("needs a dead-letter container");
        e.Message.ShouldContain("'tax' is added 2 times");
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("tax:")]
    [InlineData("Tax")]
    [InlineData("tax audit")]
    [InlineData("-tax")]
    [InlineData("")]
    public void A_name_that_is_no_lease_prefix_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new ServiceCollection().AddChangeFeed(feed => feed.Endpoint(name, _ => { })))
            .Message.ShouldContain("lower-case words");
}
