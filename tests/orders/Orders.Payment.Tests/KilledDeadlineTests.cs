using System.Diagnostics;
using System.Text.Json;
using ChangeFeed.Emulator.Testing;
using ChangeFeed.EventStore;
using ChangeFeed.Timers;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using static Orders.Testing.OrderStream;

namespace Orders.Payment.Tests;

/// <summary>The process of the service, killed while a timer fires.</summary>
public sealed class KilledDeadlineTests
{
    private static readonly TimeSpan UntilKilled = TimeSpan.FromSeconds(40);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("events", "POST")] // it is due, and not appended
    [InlineData("timers", "DELETE")] // it is appended, and the timer is still there
    public async Task Killed_while_it_fires_it_has_fired_once_when_the_service_runs_again(string container, string method)
    {
        await using var store = await CosmosEmulator.StartAsync(cancellationToken: Stop);
        using var files = new TemporaryDirectory();
        using CosmosClient client = store.CreateClient();
        var database = client.GetDatabase("orders");
        var streams = new CosmosEventStore(database.GetContainer(HostingContainers.Events.Name), OrderEvents.Map, TimeProvider.System);
        var timers = new TimerStore(database.GetContainer(HostingContainers.Timers.Name), OrderEvents.Map, observesExpiry: false);
        var id = Guid.CreateVersion7().ToString();
        using (var service = Start(store, files))
        {
            await Eventually.UntilAsync(() => TryPlaceAsync(streams, id), "The containers are there", TimeSpan.FromSeconds(90));
            await Eventually.UntilAsync(async () => (await timers.OfStreamAsync(id, Stop)).Count == 1);
            await store.InjectFaultAsync(
                new RequestFault { Method = new HttpMethod(method), Path = $"/colls/{container}", Delay = UntilKilled }, Stop);
            var due = (await timers.OfStreamAsync(id, Stop)).Single().Due;
            store.Advance(new PaymentOptions().Deadline + TimeSpan.FromSeconds(5));
            await Eventually.UntilAsync(async () => container == "events"
                ? await LastTurnAsync(database) >= due
                : (await streams.ReadStreamAsync(id, Stop)).Count == 2);
            service.Kill();
            await service.WaitForExitAsync(Stop);
        }

        await store.RemoveFaultsAsync(Stop);
        using var again = Start(store, files);
        try
        {
            await Eventually.UntilAsync(async () => (await timers.OfStreamAsync(id, Stop)).Count == 0, deadline: TimeSpan.FromSeconds(90));

            var stream = await streams.ReadStreamAsync(id, Stop);
            stream.Select(e => e.Type).ShouldBe([nameof(OrderPlaced), nameof(OrderCancelled)]);
            stream[1].Meta.By.ShouldBe(PaymentDeadline.Name);
        }
        finally
        {
            again.Kill();
            await again.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> TryPlaceAsync(CosmosEventStore streams, string id)
    {
        try
        {
            await streams.AppendAsync(id, CosmosEventStore.NoStream, [Placed()], new AppendContext("test"), Stop);
            return true;
        }
        catch (CosmosException e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static async Task<DateTimeOffset> LastTurnAsync(Database database)
    {
        using var turn = await database.GetContainer(HostingContainers.Timers.Name)
            .ReadItemStreamAsync(PaymentDeadline.Name, new PartitionKey(".clock"), cancellationToken: Stop);
        if (!turn.IsSuccessStatusCode)
            return DateTimeOffset.MinValue;
        using var document = await JsonDocument.ParseAsync(turn.Content, cancellationToken: Stop);
        return DateTimeOffset.FromUnixTimeSeconds(document.RootElement.GetProperty("_ts").GetInt64());
    }

    private static Process Start(CosmosEmulator store, TemporaryDirectory files)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Orders.Payment.dll")]);
        start.Environment["ConnectionStrings__cosmos"] = store.ConnectionString;
        start.Environment["Simulators__Directory"] = files.Path;
        start.Environment["Timers__PollInterval"] = "00:00:01";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return Process.Start(start)!;
    }
}
