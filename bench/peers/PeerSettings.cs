namespace Bench.Peers;

/// <summary>What one process of the peer does, told by its environment.</summary>
internal sealed record PeerSettings(IReadOnlySet<string> Roles, string Connection, string Address, bool HasFourViews)
{
    /// <summary>The stages that have a queue of their own where each is a process.</summary>
    public static readonly IReadOnlyList<string> Stages = ["tax", "tax-audit", "payment", "fulfillment", "notification"];

    /// <summary>Everything in one process.</summary>
    public bool IsOne => Roles.Contains("all");

    public string Name => string.Join('_', Roles).Replace('-', '_');

    public static PeerSettings FromEnvironment() => new(
        Value("PEER_ROLES").Split(',').ToHashSet(),
        Value("PEER_DATABASE"),
        Value("PEER_URL"),
        Value("PEER_VIEWS") == "4");

    public bool Has(string role) => IsOne || Roles.Contains(role);

    private static string Value(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: the bench starts this program.");
}
