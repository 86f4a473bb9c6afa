namespace ChangeFeed.Emulator.Conformance.Tests.Model;

/// <summary>What the endpoint means, in memory: the items of one container and when each was last written.</summary>
public sealed class PureModel
{
    private readonly Dictionary<(string Key, string Id), (int N, int Written)> _items = [];
    private int _clock;

    public IReadOnlyDictionary<(string Key, string Id), (int N, int Written)> Items => _items;

    /// <summary>The order of last writes: what the change feed must show per key.</summary>
    public IEnumerable<(string Key, string Id, int N)> Feed =>
        _items.OrderBy(item => item.Value.Written).Select(item => (item.Key.Key, item.Key.Id, item.Value.N));

    /// <summary>Does one step and returns the status it is answered with.</summary>
    public int Do(ItemStep step)
    {
        var place = (step.Key, step.Id);
        var exists = _items.TryGetValue(place, out var item);
        return step switch
        {
            Create when exists => 409,
            Create create => Write(place, create.N, 201),
            Upsert { IfMatch: Condition.Stale } when exists => 412,
            Upsert upsert => Write(place, upsert.N, exists ? 200 : 201),
            _ when !exists => 404,
            Read => 200,
            Replace { IfMatch: Condition.Stale } or Increment { IfMatch: Condition.Stale } or Delete { IfMatch: Condition.Stale } => 412,
            Replace replace => Write(place, replace.N, 200),
            Increment => Write(place, item.N + 1, 200),
            _ => Remove(place),
        };
    }

    /// <summary>All or nothing; the statuses of all operations.</summary>
    public int[] Do(Batch batch)
    {
        var (before, then) = (_items.ToDictionary(), _clock);
        var statuses = new int[batch.Steps.Length];
        for (var i = 0; i < statuses.Length; i++)
        {
            statuses[i] = Do(batch.Steps[i]);
            if (statuses[i] < 400)
                continue;
            _items.Clear();
            foreach (var (place, item) in before)
                _items.Add(place, item);
            _clock = then;
            return [.. statuses.Select((status, other) => other == i ? status : 424)];
        }
        return statuses;
    }

    private int Write((string, string) place, int n, int status)
    {
        _items[place] = (n, ++_clock);
        return status;
    }

    private int Remove((string, string) place)
    {
        _items.Remove(place);
        _clock++;
        return 204;
    }
}
