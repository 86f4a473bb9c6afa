using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration;
using ChangeFeed.Migration.Directed;
using ChangeFeed.Migration.Fencing;
using Orders.Hosting.Moving;
using Microsoft.Azure.Cosmos;

namespace Orders.Migrate.Tests;

/// <summary>
/// Appends events to streams as the event store does, through the directory: the id of an event is its version, and a second writer of a version is
/// refused. Each is a process of its own, as far as the directory knows.
/// </summary>
internal sealed class StreamWriters : IAsyncDisposable
{
    private const int EventsPerStream = 5;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _runs = [];
    private readonly List<(EpochMember Member, AccountClients Clients)> _members = [];
    private long _longest;

    /// <summary>Amount of each acknowledged event.</summary>
    public ConcurrentDictionary<(string Stream, int Version), int> Acknowledged { get; } = new();

    public ConcurrentQueue<string> Failures { get; } = new();

    public TimeSpan LongestWait => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    public StreamWriters(Stores stores, int writers)
    {
        for (var i = 0; i < writers; i++)
        {
            var clients = stores.Connect();
            var member = new EpochMember(clients.Container(Stores.Old with { Container = "migrations" }), Stores.Name, clients, TimeProvider.System);
            _members.Add((member, clients));
            var directed = new DirectedContainer(member, clients, Stores.Old, ["/streamId"], new Transformations(new StreamTenants()));
            _runs.Add(RunAsync(directed.Container));
        }
    }

    public async Task WroteAsync(int more)
    {
        var before = Acknowledged.Count;
        await Eventually.UntilAsync(() => Acknowledged.Count >= before + more || !Failures.IsEmpty, $"{more} more events");
        Failures.ShouldBeEmpty();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var (member, clients) in _members)
        {
            await member.DisposeAsync();
            clients.Dispose();
        }

        _stop.Dispose();
    }

    private async Task RunAsync(Container events)
    {
        while (!_stop.IsCancellationRequested)
        {
            var stream = Guid.NewGuid().ToString();
            for (var version = 0; version < EventsPerStream; version++)
            {
                var (eventId, amount) = (Guid.NewGuid().ToString(), Random.Shared.Next(1000));
                var started = TimeProvider.System.GetTimestamp();
                try
                {
                    await AppendAsync(events, stream, version, eventId, amount);
                }
                catch (Exception e)
                {
                    Failures.Enqueue($"{stream} {version}: {e.Message}");
                    return;
                }

                Acknowledged[(stream, version)] = amount;
                Interlocked.Exchange(ref _longest, Math.Max(_longest, TimeProvider.System.GetElapsedTime(started).Ticks));
                await Task.Delay(Random.Shared.Next(100, 300), CancellationToken.None); // four of them are about twenty events a second
            }
        }
    }

    private static async Task AppendAsync(Container events, string stream, int version, string eventId, int amount)
    {
        var e = new { id = $"{version}", streamId = stream, version, eventId, amount };
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(e));
        using var response = await events.CreateItemStreamAsync(body, new PartitionKey(stream));
        if (response.StatusCode == HttpStatusCode.Conflict)
        {
            // Ours, from before the epoch ended; another's would be a second writer, of which there is none.
            using var there = await events.FindAsync($"{version}", stream, CancellationToken.None);
            if (there?.RootElement.GetProperty("eventId"u8).GetString() == eventId)
                return;
        }

        response.EnsureSuccessStatusCode();
    }
}
