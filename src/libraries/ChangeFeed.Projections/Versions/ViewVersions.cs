namespace ChangeFeed.Projections.Versions;

/// <summary>
/// Which versions of a view are read and which are kept up to date. A rebuild goes from one version to the next in steps, each of which is one
/// write of this record: <c>read [1], write [1]</c> → <c>[1], [1, 2]</c> while it builds → <c>[1, 2], [1, 2]</c> → <c>[1, 2], [2, 1]</c> →
/// <c>[2], [2, 1]</c> once it is switched → <c>[2], [2]</c> when the old version is removed.
/// </summary>
/// <param name="Read">The versions readers look at; of two, the document that is further counts.</param>
/// <param name="Write">The versions the views write, in this order: the first is never behind the others.</param>
/// <param name="Latest">The highest number ever given to a version; none is given twice.</param>
public sealed record ViewVersions(IReadOnlyList<int> Read, IReadOnlyList<int> Write, int Latest)
{
    /// <summary>A view that was never rebuilt.</summary>
    public static ViewVersions First { get; } = new([1], [1], 1);

    /// <summary>The version that serves: what is read, or during a switch the older of the two.</summary>
    public int Serving => Read[0];

    /// <summary>The version that is being built, or to which readers are being switched; null when there is none.</summary>
    public int? Building => Write.Max() is var newest && newest > Serving ? newest : null;
}
