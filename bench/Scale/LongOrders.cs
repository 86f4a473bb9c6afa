using System.Diagnostics;
using System.Net.Http.Json;
using Bench.Harness;
using Bench.Pipeline;
using Bench.Subjects;
using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;

namespace Bench.Scale;

/// <summary>Orders that went well and were written on to a length.</summary>
internal sealed class LongOrders
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // An agent had the mail sent again and again: an event as others are, which nobody answers.
    private static readonly CustomerNotified Filler =
        new(NoticeKind.Shipped, "email", "ada@example.org", "Your order is on its way", "0199aa31@orders.example");

    private readonly RealSystem _system;
    private readonly CosmosEventStore _store;
    private readonly Dictionary<string, long> _versions = [];

    private LongOrders(RealSystem system)
    {
        _system = system;
        _store = new CosmosEventStore(system.Stored.GetContainer(RealSystem.Events), OrderEvents.Map, TimeProvider.System);
    }

    /// <summary>How many events each has before anything is done to it.</summary>
    public int Events { get; private set; }

    public IReadOnlyList<string> Ids => [.. _versions.Keys];

    /// <summary>Places orders, waits for their end and lengthens them; null leaves them as they are.</summary>
    public static async Task<LongOrders> PlaceAsync(RealSystem system, int count, int? events, CancellationToken stop)
    {
        var orders = new LongOrders(system);
        for (var n = 0; n < count; n++)
        {
            var (id, _) = await system.RunOrderAsync();
            var version = (await orders._store.ReadStreamAsync(id, stop))[^1].Version;
            while (version + 1 < events)
                version = await orders.AppendAsync(id, version, (int)Math.Min(CosmosEventStore.MaxEventsPerAppend, events.Value - version - 1), stop);
            orders._versions[id] = version;
            orders.Events = (int)version + 1;
        }

        return orders;
    }

    /// <summary>Appends one event.</summary>
    /// <returns>Milliseconds.</returns>
    public async Task<double> AppendAsync(string id, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        _versions[id] = await AppendAsync(id, _versions[id], 1, stop);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>An agent asks that the mail be sent again.</summary>
    /// <returns>Milliseconds from that event to the one with which the notification service answers it.</returns>
    public async Task<double> ReactAsync(string id, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_system.Care, $"care/orders/{id}/resend-notification"))
        {
            Headers = { { "X-Api-Key", ScaleSystem.CareKey } },
            Content = JsonContent.Create(new { reason = "the mail did not arrive" }),
        };
        using var answer = await Http.Client.SendAsync(request, stop);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"Sending a notice again was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
        var asked = await FindAsync(id, _versions[id] + 1, stop);
        var told = await FindAsync(id, _versions[id] + 2, stop);
        if (told.Data is not CustomerNotified)
            throw new BenchException($"Version {told.Version} of {id} is {told.Type}, not the notice that was asked for.");
        _versions[id] = told.Version;
        return (told.Meta.At - asked.Meta.At).TotalMilliseconds;
    }

    private async Task<long> AppendAsync(string id, long version, int count, CancellationToken stop) =>
        (await _store.AppendAsync(id, version, [.. Enumerable.Repeat(Filler, count)], new AppendContext("bench"), stop))[^1].Version;

    private async Task<RecordedEvent> FindAsync(string id, long version, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Deadline)
        {
            if (await _store.ReadEventAsync(id, version, stop) is { } found)
                return found;
            await Task.Delay(Pause, stop);
        }

        throw new BenchException($"Order {id} had no version {version} within {Deadline.TotalSeconds:0} s.");
    }
}
