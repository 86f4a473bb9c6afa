using Microsoft.Extensions.Configuration;

namespace Orders.Hosting.Moving;

/// <summary>
/// Where the directory is that says which container has the events: the one a migration writes. Every service, the commands, and customer care must have the
/// same.
/// </summary>
public sealed class DirectoryOptions
{
    /// <summary>Name of its entry, which is that of the migration, such as <c>events</c>; empty where the events stay where they are.</summary>
    public string Entry { get; set; } = "";

    /// <summary>Account and database of its documents, as <c>migrate --directory</c> has it; empty for those of the order system.</summary>
    public string Database { get; set; } = "";

    /// <summary>How long a process may act on what it was told, as <c>migrate --validity</c> has it.</summary>
    public TimeSpan Validity { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the events follow a directory.</summary>
    public bool IsFollowed => Entry.Length > 0;

    /// <summary>Whether settings say so.</summary>
    internal static bool IsFollowedBy(IConfiguration configuration) => configuration[$"{CosmosOptions.Section}:Directory:Entry"] is { Length: > 0 };

    /// <summary>What is wrong with the settings, to be told; null when nothing is.</summary>
    /// <param name="accounts">The accounts that are known.</param>
    internal string? FindProblem(IEnumerable<string> accounts)
    {
        if (!IsFollowed)
            return Database.Length > 0 ? "Cosmos:Directory:Database is set and Cosmos:Directory:Entry is not: set both, or neither." : null;
        if (Entry.IndexOfAny(['/', '\\', '?', '#']) >= 0)
            return "Cosmos:Directory:Entry must be the name of a migration, without / \\ ? and #.";
        if (Database.Length > 0 && Database.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            return $"Cosmos:Directory:Database is '{Database}': it must be account/database, such as cosmos/orders.";
        if (Database.Split('/') is [var account, _] && !accounts.Contains(account, StringComparer.OrdinalIgnoreCase))
            return $"Cosmos:Directory:Database is '{Database}', and there is no account '{account}': set ConnectionStrings:{account}.";
        return Validity >= TimeSpan.FromSeconds(1) && Validity <= TimeSpan.FromMinutes(1)
            ? null
            : "Cosmos:Directory:Validity must be 1 second to 1 minute, and the same as migrate's --validity, for example 00:00:10.";
    }
}
