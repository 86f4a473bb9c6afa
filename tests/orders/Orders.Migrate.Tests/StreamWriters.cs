using System.Collections.Concurrent;
using System.Net;
using ChangeFeed.Migration;
using ChangeFeed.Migration.Fencing;
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
            _runs.Add(RunAsync(new DirectedContainer(member, clients)));
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

    private async Task RunAsync(DirectedContainer directed)
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
                    await directed.RunAsync((container, location) => AppendAsync(container, location, stream, version, eventId, amount), repeatable: true);
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

    private static async Task<int> AppendAsync(Container container, ContainerLocation location, string stream, int version, string eventId, int amount)
    {
        var e = new Dictionary<string, object>
        {
            ["id"] = $"{version}",
            ["streamId"] = stream,
            ["version"] = version,
            ["eventId"] = eventId,
            ["amount"] = amount,
        };
        var key = new PartitionKeyBuilder();
        if (location == Stores.New)
        {
            e["tenant"] = StreamTenants.Of(stream);
            key.Add(StreamTenants.Of(stream));
        }

        var partition = key.Add(stream).Build();
        try
        {
            await container.CreateItemAsync(e, partition);
        }
        catch (CosmosException conflict) when (conflict.StatusCode == HttpStatusCode.Conflict)
        {
            // Ours, from before the epoch ended; another's would be a second writer, of which there is none.
            var there = await container.ReadItemAsync<Dictionary<string, object>>($"{version}", partition);
            if ((string)there.Resource["eventId"] != eventId)
                throw;
        }

        return 0;
    }
}
