using Microsoft.Extensions.Configuration;

namespace Orders.Sinks.Tests;

/// <summary>What is wrong with a setting is one sentence that names it.</summary>
public sealed class SinkSettingsTests
{
    [Theory]
    [InlineData("Sinks:Enabled", "search,lake", "Sinks:Enabled names 'lake', which is no sink: there are search, cache, archive, bus, event-hubs, azure-search.")]
    [InlineData("Sinks:Enabled", ",", "Sinks:Enabled names no sink: it must be one or more of search, cache, archive, bus, event-hubs, azure-search, with commas between them.")]
    [InlineData("Sinks:Search:Directory", "", "Sinks:Search:Directory is not set: it must be the directory of the search index.")]
    [InlineData("Sinks:Cache:Port", "-1", "Sinks:Cache:Port is '-1'; it must be a port, or 0 for a server that runs elsewhere.")]
    [InlineData("Sinks:Search:Generations", "0", "Sinks:Search:Generations is '0'; it must be numbers from 1, with commas between them, such as 1,2.")]
    [InlineData("Sinks:Search:Writing:BatchSize", "0", "Sinks:Search:Writing:BatchSize is 0; it must be 1 to 1000.")]
    [InlineData("ConnectionStrings:cache", "", "ConnectionStrings:cache is not set: it must be the address of a cache, such as 'localhost:6379'; or set Sinks:Cache:Port to run one here.")]
    [InlineData("Sinks:Archive:Directory", "", "Sinks:Archive:Directory is not set: it must be the directory of the archive; or set ConnectionStrings:archive.")]
    [InlineData("Sinks:Archive:Generations", "x", "Sinks:Archive:Generations is 'x'; it must be numbers from 1, with commas between them, such as 1,2.")]
    [InlineData("ConnectionStrings:archive", "nonsense", "ConnectionStrings:archive is no address of a storage account: it must be its connection string, or be like 'https://account.blob.core.windows.net'.")]
    [InlineData("ConnectionStrings:bus", "localhost:5672", "ConnectionStrings:bus is no address of a broker: it must be like 'amqp://user:password@localhost:5672/', or empty.")]
    [InlineData("ConnectionStrings:bus", "amqp://localhost/a/b", "ConnectionStrings:bus is no address of a broker: it must be like 'amqp://user:password@localhost:5672/', or empty.")]
    [InlineData("Bus:Exchange", "a b", "Bus:Exchange is 'a b'; it must be 1 to 200 letters, digits, hyphens, points and underscores.")]
    [InlineData("Sinks:Enabled", "event-hubs", "ConnectionStrings:event-hubs is not set: it must be the connection string of an Event Hubs namespace, or its host name.")]
    [InlineData("Sinks:Enabled", "azure-search", "ConnectionStrings:azure-search is not set: it must be like 'Endpoint=https://NAME.search.windows.net;Key=KEY', or the endpoint alone.")]
    public void A_wrong_setting_is_named(string name, string value, string problem)
    {
        SinkSettings.TryRead(Configuration((name, value)), out _, out var problems).ShouldBeFalse();

        problems.ShouldBe([problem]);
    }

    [Theory]
    [InlineData("Endpoint=sb://a.example.org/", "is neither a connection string of Event Hubs")]
    [InlineData("localhost:5672", "is neither a connection string of Event Hubs")]
    [InlineData("Endpoint=sb://a.example.org/;SharedAccessKeyName=k;SharedAccessKey=s;EntityPath=other", "names the event hub 'other', and EventHubs:Hub 'order-events'")]
    public void A_wrong_address_of_event_hubs_is_named(string address, string problem)
    {
        var configuration = Configuration(("Sinks:Enabled", "event-hubs"), ("ConnectionStrings:event-hubs", address));

        SinkSettings.TryRead(configuration, out _, out var problems).ShouldBeFalse();

        problems.ShouldHaveSingleItem().ShouldStartWith($"ConnectionStrings:event-hubs {problem}");
    }

    [Theory]
    [InlineData("http://a.example.org")]
    [InlineData("Key=secret")]
    public void A_wrong_address_of_a_search_service_is_named(string address)
    {
        var configuration = Configuration(("Sinks:Enabled", "azure-search"), ("ConnectionStrings:azure-search", address));

        SinkSettings.TryRead(configuration, out _, out var problems).ShouldBeFalse();

        problems.ShouldHaveSingleItem().ShouldStartWith("ConnectionStrings:azure-search is no search service");
    }

    [Fact]
    public void Settings_that_are_right_are_read()
    {
        SinkSettings.TryRead(Configuration(("Sinks:Search:Generations", "1, 2")), out var settings, out _).ShouldBeTrue();

        settings.Enabled.ShouldBe(["search", "cache", "archive", "bus"]);
        settings.SearchIndex.Generations.ShouldBe([1, 2]);
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] changed)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Sinks:Search:Directory"] = "/somewhere",
            ["Sinks:Archive:Directory"] = "/elsewhere",
            ["ConnectionStrings:cache"] = "localhost:6379",
        };
        foreach (var (name, value) in changed)
            settings[name] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
