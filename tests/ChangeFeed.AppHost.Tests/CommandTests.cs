using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using ChangeFeed.AppHost.Testing;

namespace ChangeFeed.AppHost.Tests;

/// <summary>The README's first command, as somebody gives it in a terminal: what it says, and how it ends.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>One test, because each start takes a while: killed and started again, interrupted and started again.</summary>
    [Fact]
    public async Task The_command_says_where_everything_is_and_leaves_nothing_running_however_it_ends()
    {
        string id;
        await using (var killed = await AppHostCommand.StartAsync(_data.Path, "--topology", "compact"))
        {
            await RefusedAsync(
                $"The data directory {_data.Path} is used by another app host: stop that one, or choose another directory with --data DIR.",
                [$"--data={_data.Path}"]);
            using var orders = new HttpClient { BaseAddress = killed.OrdersApi };
            id = await orders.PlaceAsync(OrderClient.Order());
            killed.Kill();
            await killed.ExitAsync();
            await Eventually.GetAsync(
                () => Task.FromResult(killed.Processes()), left => left.Count == 0, AppHostCommand.Deadline, "The end of everything");
        }

        await using var command = await AppHostCommand.StartAsync(_data.Path, "--care-key", "0123456789abcdef");
        command.Output.ShouldNotContain("warn:");
        command.Output.ShouldContain("0123456789abcdef");
        command.Output.ShouldContain("Without a key, the orders API lets everybody in and customer care shows everything; --require-auth ends that.");
        using (var http = new HttpClient())
        {
            (await http.GetAsync(new Uri(command.OrdersApi, $"/orders/{id}"), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await http.GetAsync(command.Dashboard, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await http.GetAsync(new Uri(command.OrdersApi, "/swagger"), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await http.GetAsync(new Uri(command.CustomerCare, "/"), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var interrupted = Stopwatch.GetTimestamp();
        command.Interrupt();
        (await command.ExitAsync()).ShouldBe(0, command.Output);
        TestContext.Current.TestOutputHelper?.WriteLine($"Stopped after {Stopwatch.GetElapsedTime(interrupted).TotalSeconds:0.0} s.");
        command.Services().ShouldBeEmpty();

        await using var again = await AppHostCommand.StartAsync(_data.Path, "--topology", "compact");
    }

    [Theory]
    [InlineData("--prot", "'--prot' is not an option of the app host; --help lists them.")]
    [InlineData("--Replicas:Tax=none", "Replicas:Tax is 'none': it must be a whole number from 1 to 32.")]
    [InlineData("--shopper=often", "--shopper is 'often': it must be a number of orders per second or minute, at most 100/s, such as 5/s or 20/min.")]
    [InlineData("--care-key=short", "--care-key is too short: use at least 16 characters.")]
    public Task What_is_wrong_is_one_sentence(string argument, string sentence) => RefusedAsync(sentence, [argument]);

    [Theory]
    [InlineData("Emulator", "the embedded store")]
    [InlineData("OrdersApi", "orders-api")]
    [InlineData("CustomerCare", "customer-care")]
    [InlineData("Dashboard", "the dashboard")]
    public async Task A_port_that_is_taken_is_one_sentence(string key, string resource)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await RefusedAsync(
            $"Port {port} is in use, so {resource} cannot listen on it: stop what uses it, or choose another with --Ports:{key} PORT.",
            [.. PipelineApplication.OnFreePorts(_data.Path).Where(a => !a.Contains(key, StringComparison.Ordinal)), $"--Ports:{key}={port}"]);
    }

    [Fact]
    public async Task Help_is_printed_and_starts_nothing()
    {
        await using var command = AppHostCommand.Begin("--help");
        (await command.ExitAsync()).ShouldBe(0);
        command.Output.ShouldContain("--Replicas:TaxAudit N");
    }

    public void Dispose() => _data.Dispose();

    private static async Task RefusedAsync(string sentence, string[] arguments)
    {
        await using var command = AppHostCommand.Begin(arguments);
        (await command.ExitAsync()).ShouldBe(1, command.Output);
        command.Lines.ShouldBe([sentence]);
    }
}
