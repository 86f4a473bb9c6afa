using System.Diagnostics;
using System.Net;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Tests.Running;

namespace ChangeFeed.Emulator.Tests.Storage;

public sealed class DiskFullTests
{
    [Fact]
    public async Task When_there_is_no_room_writers_are_told_and_what_is_there_can_be_read_and_removed()
    {
        using var data = new TemporaryDirectory();
        await using var host = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path, MaxBytes = 2_000_000 });
        using var client = new CosmosClient(
            host.ConnectionString, new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });
        Database database = await client.CreateDatabaseAsync("d");
        Container container = await database.CreateContainerAsync("c", "/pk");
        var padding = new string('x', 50_000);
        var written = 0;
        var refused = await Should.ThrowAsync<CosmosException>(async () =>
        {
            for (; written < 1000; written++)
                await container.CreateItemAsync(new { id = $"{written}", pk = "a", padding });
        });
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Message.ShouldContain("The disk is full; nothing was written.");
        written.ShouldBeInRange(20, 50);
        (await HealthAsync(host.Endpoint)).ShouldStartWith("503 Unhealthy: The disk is full");

        for (var i = 0; i < written; i++)
            (await container.ReadItemStreamAsync($"{i}", new("a"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await container.ReadItemStreamAsync($"{written}", new("a"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        for (var i = 0; i < 5; i++)
            await container.DeleteItemAsync<object>($"{i}", new("a"));
        await container.CreateItemAsync(new { id = "again", pk = "a", padding });
        await UntilHealthAsync(host.Endpoint, "200 Healthy");
    }

    /// <summary>A limit on the size of files fails like a full disk, and can be lifted again.</summary>
    [Fact]
    public async Task A_disk_that_takes_nothing_more_is_told_and_forgotten_when_there_is_room_again()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "Limits of a running process are set with prlimit.");
        using var data = new TemporaryDirectory();
        await using var emulator = await EmulatorProcess.StartAsync(
            ["env", "--ignore-signal=XFSZ", "dotnet"], "--port", "0", "--data", data.Path);
        using var client = emulator.Connect();
        Database database = await client.CreateDatabaseAsync("d");
        Container container = await database.CreateContainerAsync("c", "/pk");
        await container.CreateItemAsync(new { id = "before", pk = "a" });
        await LimitFilesAsync(emulator, "1000000:unlimited");

        var padding = new string('x', 50_000);
        var written = 0;
        var refused = await Should.ThrowAsync<CosmosException>(async () =>
        {
            for (; written < 100; written++)
                await container.CreateItemAsync(new { id = $"{written}", pk = "a", padding });
        });

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Message.ShouldContain("The disk does not take what is written");
        await UntilHealthAsync(emulator.Endpoint, "503 Unhealthy: The disk does not take what is written");
        (await HealthAsync(emulator.Endpoint, "alive")).ShouldBe("200 Healthy");
        (await container.ReadItemStreamAsync("before", new("a"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < written; i++)
            (await container.ReadItemStreamAsync($"{i}", new("a"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        await LimitFilesAsync(emulator, "unlimited:unlimited");
        await UntilHealthAsync(emulator.Endpoint, "200 Healthy");
        await container.CreateItemAsync(new { id = "after", pk = "a", padding });
    }

    private static async Task LimitFilesAsync(EmulatorProcess emulator, string limits)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{emulator.Pid}", $"--fsize={limits}"]);
        await prlimit.WaitForExitAsync();
        prlimit.ExitCode.ShouldBe(0);
    }

    private static Task UntilHealthAsync(Uri endpoint, string beginning) =>
        EventuallyAsync(async () => (await HealthAsync(endpoint)).StartsWith(beginning, StringComparison.Ordinal), beginning);
}
