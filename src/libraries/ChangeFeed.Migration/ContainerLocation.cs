namespace ChangeFeed.Migration;

/// <summary>Where a container is.</summary>
/// <param name="Account">Name of the account, as the configuration of whoever reads this calls it; never a secret.</param>
/// <param name="Database">The database.</param>
/// <param name="Container">The container.</param>
public sealed record ContainerLocation(string Account, string Database, string Container)
{
    /// <summary>Reads <c>account/database/container</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="MigrationException">It is none.</exception>
    public static ContainerLocation Parse(string text) => text.Split('/') is [{ Length: > 0 } account, { Length: > 0 } database, { Length: > 0 } container]
        ? new(account, database, container)
        : throw new MigrationException($"'{text}' is no container: write account/database/container, such as cosmos/orders/events.");

    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Database}/{Container}";
}
