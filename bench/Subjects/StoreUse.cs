using System.Net.Http.Json;
using System.Text.Json;

namespace Bench.Subjects;

/// <summary>What an embedded store was asked, by container and operation, since it started.</summary>
internal sealed class StoreUse
{
    private readonly Dictionary<(string Container, string Operation), (double Requests, double Units)> _counted = [];

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
        foreach (var key in _counted.Keys.Union(other._counted.Keys))
        {
            var (mine, theirs) = (_counted.GetValueOrDefault(key), other._counted.GetValueOrDefault(key));
            combined._counted[key] = (mine.Requests + (sign * theirs.Requests), mine.Units + (sign * theirs.Units));
        }

        return combined;
    }
}
