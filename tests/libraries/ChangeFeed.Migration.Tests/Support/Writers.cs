using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Support;

/// <summary>
/// Processes that write baskets through the directory, each a member of its own, and remember what was acknowledged. Ids are their own, so doing a
/// write again finds it done.
/// </summary>
public sealed class Writers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TwoStores.Stop);
    private readonly List<Task> _runs = [];
    private readonly List<IAsyncDisposable> _members = [];
    private readonly List<AccountClients> _clients = [];
    private long _longest;

    public ConcurrentQueue<(string Customer, string Id)> Acknowledged { get; } = new();

    public ConcurrentQueue<string> Failures { get; } = new();

    public TimeSpan LongestWait => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    public static async Task<Writers> StartAsync(TwoStores stores, string name, int writers)
    {
        var pool = new Writers();
        await stores.Migration(name).ServeAsync(TwoStores.Old(name), TwoStores.Stop);
        for (var i = 0; i < writers; i++)
        {
            var clients = stores.Connect();
            var member = new EpochMember(clients.Container(TwoStores.Old("migrations")), name, clients, TimeProvider.System, TwoStores.Epochs);
            pool._clients.Add(clients);
            pool._members.Add(member);
            pool._runs.Add(pool.RunAsync(TwoStores.Directed(name, member, clients).Container, $"w{i}"));
        }

        return pool;
    }

    /// <summary>Waits until so many more were acknowledged.</summary>
    public async Task WroteAsync(int more)
    {
        var before = Acknowledged.Count;
        await Eventually.UntilAsync(() => Acknowledged.Count >= before + more || !Failures.IsEmpty, $"{more} more writes");
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs);
    }

    public async Task CheckAsync(Container container)
    {
        var there = (await TwoStores.AllAsync(container)).Select(d => ((string)d["customer"]!, (string)d["id"]!)).ToList();
        there.Order().ShouldBe(Acknowledged.Order());
    }

    public async Task<bool> IsCompleteAsync(Container container) => (await TwoStores.AllAsync(container)).Count == Acknowledged.Count;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var member in _members)
            await member.DisposeAsync();
        _clients.ForEach(c => c.Dispose());
        _stop.Dispose();
    }

    private async Task RunAsync(Container baskets, string customer)
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var (id, started) = ($"{customer}-{number}", TimeProvider.System.GetTimestamp());
            try
            {
                // Not stopped in between: what was sent is to be acknowledged, or not to have happened.
                await CreateAsync(baskets, customer, id);
                Acknowledged.Enqueue((customer, id));
                var took = TimeProvider.System.GetElapsedTime(started).Ticks;
                if (took > Interlocked.Read(ref _longest))
                    Interlocked.Exchange(ref _longest, took);
                await Task.Delay(Random.Shared.Next(20), CancellationToken.None);
            }
            catch (Exception e)
            {
                Failures.Enqueue($"{id}: {e.Message}");
                return;
            }
        }
    }

    private static async Task CreateAsync(Container baskets, string customer, string id)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new { id, customer, items = 1 }));
        using var response = await baskets.CreateItemStreamAsync(body, new PartitionKey(customer), cancellationToken: TwoStores.Stop);
        if (response.StatusCode != HttpStatusCode.Conflict) // done before the epoch ended
            response.EnsureSuccessStatusCode();
    }
}
