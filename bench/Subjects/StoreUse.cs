using System.Net.Http.Json;
using System.Text.Json;

namespace Bench.Subjects;

/// <summary>What an embedded store was asked, by container and operation, since it started.</summary>
internal sealed class StoreUse
{
    private readonly Dictionary<(string Container, string Operation), (double Requests, double Units)> _counted = [];

    private readonly Dictionary<(string Container, string Client, string Operation), (double Requests, double Units)> _clients = [];

    /// <summary>What was served, by container, client and operation.</summary>
    public IReadOnlyDictionary<(string Container, string Client, string Operation), (double Requests, double Units)> Clients => _clients;

    /// <summary>The same without what the bench itself asked, which also watches.</summary>
    public IEnumerable<KeyValuePair<(string Container, string Client, string Operation), (double Requests, double Units)>> OfServices =>
        _clients.Where(entry => entry.Key.Client != CosmosAccount.ClientName && entry.Value.Requests > 0);

    /// <summary>Documents of each container, at the moment.</summary>
    public Dictionary<string, double> Items { get; } = [];

    /// <summary>Bytes of them.</summary>
    public Dictionary<string, double> Bytes { get; } = [];

    /// <summary>The requests, most of them first; what was refused is an operation of its own.</summary>
    public IEnumerable<(string Container, string Operation, double Requests, double Units)> Counted => _counted
        .Where(entry => entry.Value.Requests > 0)
        .OrderByDescending(entry => entry.Value.Requests)
        .Select(entry => (entry.Key.Container, entry.Key.Operation, entry.Value.Requests, entry.Value.Units));

    public double Requests => _counted.Values.Sum(value => value.Requests);

    public double Units => _counted.Values.Sum(value => value.Units);

    /// <summary>Asks the store; what only the bench itself does is left out.</summary>
    /// <param name="store">Its address.</param>
    /// <param name="watched">The container whose feed the bench watches.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task<StoreUse> ReadAsync(Uri store, string watched, CancellationToken stop)
    {
        var answer = await Http.Client.GetFromJsonAsync<JsonElement>(new Uri(store, "_emulator/stats"), stop);
        var use = new StoreUse();
        foreach (var container in answer.GetProperty("containers"u8).EnumerateArray())
        {
            var name = container.GetProperty("container"u8).GetString()!;
            use.Items[name] = container.GetProperty("items"u8).GetDouble();
            use.Bytes[name] = container.GetProperty("bytes"u8).GetDouble();
            foreach (var counted in container.GetProperty("clients"u8).EnumerateArray())
                use._clients[(name, counted.GetProperty("client"u8).GetString()!, counted.GetProperty("operation"u8).GetString()!)] =
                    (counted.GetProperty("requests"u8).GetDouble(), counted.GetProperty("requestUnits"u8).GetDouble());
            foreach (var counted in container.GetProperty("operations"u8).EnumerateArray())
            {
                var operation = counted.GetProperty("operation"u8).GetString()!;
                if (name == watched && operation == "feed")
                    continue;
                if (counted.GetProperty("refused"u8).GetBoolean())
                    operation += ", refused";
                use._counted[(name, operation)] = (counted.GetProperty("requests"u8).GetDouble(), counted.GetProperty("requestUnits"u8).GetDouble());
            }
        }

        return use;
    }

    /// <summary>What was asked since then.</summary>
    public StoreUse Since(StoreUse before) => Combine(before, -1);

    /// <summary>Both together.</summary>
    public StoreUse And(StoreUse other) => Combine(other, 1);

    private StoreUse Combine(StoreUse other, int sign)
    {
        var combined = new StoreUse();
        Combine(combined._counted, _counted, other._counted, sign);
        Combine(combined._clients, _clients, other._clients, sign);
        foreach (var name in Bytes.Keys.Union(other.Bytes.Keys))
        {
            combined.Items[name] = Items.GetValueOrDefault(name) + sign * other.Items.GetValueOrDefault(name);
            combined.Bytes[name] = Bytes.GetValueOrDefault(name) + sign * other.Bytes.GetValueOrDefault(name);
        }
        return combined;
    }

    private static void Combine<TKey>(
        Dictionary<TKey, (double Requests, double Units)> sum,
        Dictionary<TKey, (double Requests, double Units)> left, Dictionary<TKey, (double Requests, double Units)> right, int sign)
        where TKey : notnull
    {
        foreach (var key in left.Keys.Union(right.Keys))
        {
            var (mine, theirs) = (left.GetValueOrDefault(key), right.GetValueOrDefault(key));
            sum[key] = (mine.Requests + sign * theirs.Requests, mine.Units + sign * theirs.Units);
        }
    }
}
