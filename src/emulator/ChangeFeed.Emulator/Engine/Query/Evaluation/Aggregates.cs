using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

internal enum AggregateKind
{
    Count,
    CountIf,
    Sum,
    Average,
    Min,
    Max,
    MakeList,
    MakeSet,
}

/// <summary>The running state of one aggregate of one group. Undefined arguments are passed over.</summary>
internal sealed class Aggregate(AggregateKind kind)
{
    private long _count;
    private double _sum;
    private Value _extreme;
    private bool _spoiled;
    private readonly List<Value>? _values = kind is AggregateKind.MakeList or AggregateKind.MakeSet ? [] : null;
    private readonly HashSet<Hash128>? _known = kind is AggregateKind.MakeSet ? [] : null;

    public void Add(in Value value)
    {
        if (value.IsUndefined)
            return;
        switch (kind)
        {
            case AggregateKind.Count:
                _count++;
                break;
            case AggregateKind.CountIf:
                _count += value.IsTrue ? 1 : 0;
                break;
            case AggregateKind.Sum or AggregateKind.Average when value.IsNumber:
                _sum += value.AsNumber();
                _count++;
                break;
            case AggregateKind.Min or AggregateKind.Max when value.Kind < ValueKind.Array:
                AddExtreme(value);
                break;
            case AggregateKind.MakeList:
                _values!.Add(value.Detach());
                break;
            case AggregateKind.MakeSet:
                if (_known!.Add(ValueHash.Of(value)))
                    _values!.Add(value.Detach());
                break;
            default:
                _spoiled = true;
                break;
        }
    }

    private void AddExtreme(in Value value)
    {
        var order = _extreme.IsUndefined ? 0 : ValueOrder.Compare(value, _extreme);
        if (_extreme.IsUndefined || (kind == AggregateKind.Min ? order < 0 : order > 0))
            _extreme = value.Detach();
    }

    /// <summary>The sum of nothing is 0; the average, minimum and maximum of nothing are undefined.</summary>
    public Value Result => kind switch
    {
        _ when _spoiled => Value.Undefined,
        AggregateKind.Count or AggregateKind.CountIf => Value.Of(_count),
        AggregateKind.Sum => Value.Of(_sum),
        AggregateKind.Average => _count == 0 ? Value.Undefined : Value.Of(_sum / _count),
        AggregateKind.MakeList or AggregateKind.MakeSet => Value.Of(_values!),
        _ => _extreme,
    };

    public static AggregateKind? Find(string name) => name.ToUpperInvariant() switch
    {
        "COUNT" => AggregateKind.Count,
        "COUNTIF" => AggregateKind.CountIf,
        "SUM" => AggregateKind.Sum,
        "AVG" => AggregateKind.Average,
        "MIN" => AggregateKind.Min,
        "MAX" => AggregateKind.Max,
        "MAKELIST" => AggregateKind.MakeList,
        "MAKESET" => AggregateKind.MakeSet,
        _ => null,
    };
}
