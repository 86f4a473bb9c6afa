namespace Orders.Archive;

/// <summary>A set of events by their streams and versions. Streams are short: the first versions of each are bits of one number.</summary>
internal sealed class StreamVersions
{
    private readonly Dictionary<string, ulong> _first = new(StringComparer.Ordinal);
    private readonly HashSet<(string Stream, long Version)> _later = [];

    /// <summary>How many entries it has, as a measure of its size.</summary>
    public int Streams => _first.Count + _later.Count;

    public void Add(string stream, long version)
    {
        if (version >= 64)
            _later.Add((stream, version));
        else
            _first[stream] = _first.GetValueOrDefault(stream) | (1UL << (int)version);
    }

    public bool Has(string stream, long version) =>
        version >= 64 ? _later.Contains((stream, version)) : (_first.GetValueOrDefault(stream) & (1UL << (int)version)) != 0;
}
