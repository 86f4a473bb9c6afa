using System.Net;
using System.Net.Sockets;
using ChangeFeed.AppHost.Options;
using ChangeFeed.Emulator.Aspire;
using Microsoft.Extensions.Configuration;

namespace ChangeFeed.AppHost.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void A_port_in_use_is_one_sentence_that_names_the_port_the_resource_and_the_setting()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Should.Throw<SettingException>(() => Of(("Ports:OrdersApi", $"{port}")).Port("OrdersApi", 5101, "orders-api")).Message
            .ShouldBe($"Port {port} is in use, so orders-api cannot listen on it: stop what uses it, or choose another with --Ports:OrdersApi PORT.");
    }

    [Fact]
    public void Port_0_is_any_free_port_and_never_the_same_twice()
    {
        var settings = Of(("Ports:OrdersApi", "0"));
        var ports = Enumerable.Range(0, 20).Select(_ => settings.Port("OrdersApi", 5101, "orders-api")).ToList();
        ports.Distinct().Count().ShouldBe(20);
        ports.ShouldAllBe(port => LoopbackPort.IsFree(port));
    }

    [Theory]
    [InlineData("Ports:OrdersApi", "65536")]
    [InlineData("Ports:OrdersApi", "-1")]
    [InlineData("Ports:OrdersApi", "")]
    public void A_port_that_is_none_is_refused(string key, string value) =>
        Should.Throw<SettingException>(() => Of((key, value)).Port("OrdersApi", 5101, "orders-api")).Message
            .ShouldBe($"{key} is '{value}': it must be a whole number from 0 to 65535.");

    [Fact]
    public void A_worker_runs_once_unless_told_otherwise()
    {
        Of().Replicas("Payment").ShouldBe(1);
        Of(("Replicas:Payment", "2")).Replicas("Payment").ShouldBe(2);
        Should.Throw<SettingException>(() => Of(("Replicas:Payment", "0")).Replicas("Payment")).Message
            .ShouldBe("Replicas:Payment is '0': it must be a whole number from 1 to 32.");
    }

    [Fact]
    public void Every_worker_is_a_process_and_the_events_have_one_partition_unless_told_otherwise()
    {
        Of().IsCompact.ShouldBeFalse();
        Of(("topology", "distributed")).IsCompact.ShouldBeFalse();
        Of(("topology", "compact")).IsCompact.ShouldBeTrue();
        Of().Partitions.ShouldBe(1);
        Of(("partitions", "4")).Partitions.ShouldBe(4);
        Should.Throw<SettingException>(() => Of(("topology", "small"))).Message
            .ShouldBe("--topology is 'small': it must be distributed or compact.");
        Should.Throw<SettingException>(() => Of(("topology", "compact"), ("Replicas:Tax", "2"))).Message
            .ShouldBe("--Replicas:Tax says how many processes of a worker run, and --topology compact that all are one: leave one out.");
        Should.Throw<SettingException>(() => Of(("partitions", "0"))).Message.ShouldBe("partitions is '0': it must be a whole number from 1 to 100.");
    }

    [Fact]
    public void A_key_for_customer_care_is_made_when_none_is_given()
    {
        Of(("care-key", "0123456789abcdef")).CareKey.ShouldBe("0123456789abcdef");
        Of(("care-key", "0123456789abcdef")).CareKeyIsNew.ShouldBeFalse();
        Of().CareKey.ShouldNotBe(Of().CareKey);
        Of().CareKeyIsNew.ShouldBeTrue();
        Should.Throw<SettingException>(() => Of(("care-key", "short"))).Message.ShouldBe("--care-key is too short: use at least 16 characters.");
    }

    [Fact]
    public void Sinks_run_when_asked_for_and_one_that_is_not_known_is_refused()
    {
        Of().Sinks.ShouldBeEmpty();
        Of(("sinks", "none")).Sinks.ShouldBeEmpty();
        Of(("sinks", "all")).Sinks.ShouldBe(["search", "cache", "archive", "bus"]);
        Of(("sinks", "cache")).Sinks.ShouldBe(["cache"]);
        Of(("sinks", "all"), ("ConnectionStrings:event-hubs", "a")).Sinks.ShouldContain("event-hubs");
        Should.Throw<SettingException>(() => Of(("sinks", "event-hubs"))).Message
            .ShouldBe("--sinks has event-hubs: say where that is with --ConnectionStrings:event-hubs TEXT.");
        foreach (var wrong in new[] { "lake", "search,lake", "" })
            Should.Throw<SettingException>(() => Of(("sinks", wrong))).Message
                .ShouldBe($"--sinks is '{wrong}': it must be all, none, or some of search,cache,archive,bus,event-hubs,azure-search.");
    }

    [Fact]
    public void The_shopper_shops_only_when_told_and_only_at_a_rate_that_is_one()
    {
        Of().ShopperRate.ShouldBeEmpty();
        Of(("shopper", "5/s")).ShopperRate.ShouldBe("5/s");
        Should.Throw<SettingException>(() => Of(("shopper", "5 a day"))).Message
            .ShouldBe("--shopper is '5 a day': it must be a number of orders per second or minute, at most 100/s, such as 5/s or 20/min.");
    }

    [Fact]
    public void A_browser_may_open_unless_told_otherwise()
    {
        Of().OpenBrowser.ShouldBeTrue();
        Of(("open-browser", "false")).OpenBrowser.ShouldBeFalse();
        Should.Throw<SettingException>(() => Of(("open-browser", "never"))).Message
            .ShouldBe("--open-browser is 'never': it must be true or false.");
    }

    [Fact]
    public void Calls_without_a_caller_are_let_in_unless_told_otherwise()
    {
        Of().RequireAuth.ShouldBeFalse();
        Of(("require-auth", "true")).RequireAuth.ShouldBeTrue();
        Should.Throw<SettingException>(() => Of(("require-auth", "yes"))).Message
            .ShouldBe("--require-auth is 'yes': it must be true or false.");
    }

    private static Settings Of(params (string Key, string Value)[] values) => new(
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => v.Key, v => (string?)v.Value)).Build(), AppContext.BaseDirectory);
}
