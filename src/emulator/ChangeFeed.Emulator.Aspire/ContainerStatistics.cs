namespace ChangeFeed.Emulator.Aspire;

/// <summary>What the emulator tells of a container.</summary>
internal sealed record ContainerStatistics(
    string Database, string Container, double RequestUnits, IReadOnlyList<PartitionStatistics> Partitions)
{
    public string Path => $"{Database}/{Container}";

    /// <summary>The physical partition with the most items; the first of those with as many.</summary>
    public PartitionStatistics Fullest => Partitions.MaxBy(partition => partition.Items)!;

    /// <summary>The container a person means: the named one, or the one that has used the most request units.</summary>
    public static ContainerStatistics? Choose(IReadOnlyList<ContainerStatistics> containers, string? path) =>
        string.IsNullOrWhiteSpace(path)
            ? containers.MaxBy(container => container.RequestUnits)
            : containers.FirstOrDefault(container => container.Path == path);
}

/// <summary>What the emulator tells of a physical partition.</summary>
internal sealed record PartitionStatistics(string Id, long Items);
