
namespace ChangeFeed.Emulator;

/// <summary>How the emulator runs.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The well-known key of local Cosmos DB endpoints. It is public and protects nothing.</summary>
    public const string WellKnownKey = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    /// <summary>The address to listen on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; } = 8081;

    /// <summary>The directory the data lies in; ignored with <see cref="InMemory"/>.</summary>
    public string DataDirectory { get; init; } = ".data/emulator";

    /// <summary>Keep nothing: data lives in a temporary directory that is removed at the end.</summary>
    public bool InMemory { get; init; }

    /// <summary>The most physical partitions a container can begin with.</summary>
    public const int MaxPartitions = 1000;

    /// <summary>
    /// Physical partitions of a new container, where the request does not say how many; null takes one for every 6,000 request units per
    /// second of its throughput, as the service does.
    /// </summary>
    public int? Partitions { get; init; }

    /// <summary>
    /// Serve ORDER BY and filters that the service refuses because the container's indexing policy has no index for them.
    /// </summary>
    public bool LenientIndexing { get; init; }

    /// <summary>The account key, Base64.</summary>
    public string Key { get; init; } = WellKnownKey;

    /// <summary>
    /// A certificate file with its private key (PKCS #12, or PEM with the key in the same file or in <see cref="CertificateKey"/>): the
    /// endpoint then speaks HTTPS. Null is HTTP.
    /// </summary>
    public string? Certificate { get; init; }

    /// <summary>The file with the private key of <see cref="Certificate"/>, PEM; null where the certificate's own file holds it.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>What opens the private key of <see cref="Certificate"/>; null where nothing is needed.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>Request units per second that each container may use before requests get 429; null is without limit.</summary>
    public int? Throttle { get; init; }

    /// <summary>
    /// The regions of the account, the first of which is written to; empty is an account of one region. Names are letters, digits, spaces
    /// and hyphens; a name with spaces has to be one of Azure, as clients take the spaces out of others.
    /// </summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>
    /// The port of each region, in the order of <see cref="Regions"/>; empty takes those that follow <see cref="Port"/>, or free ones where
    /// that is 0.
    /// </summary>
    public IReadOnlyList<int> RegionPorts { get; init; } = [];

    /// <summary>The most regions an account has.</summary>
    public const int MaxRegions = 8;

    /// <summary>How long after its commit in the write region something arrives in the others, at least.</summary>
    public TimeSpan ReplicationLag { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest <see cref="ReplicationLag"/>.</summary>
    public static readonly TimeSpan MaxReplicationLag = TimeSpan.FromHours(1);

    /// <summary>The most the data file may hold; null leaves it to the disk.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>What the data explorer at <c>/_explorer</c> may do.</summary>
    public ExplorerMode Explorer { get; init; }

    /// <summary>Added to every request.</summary>
    public TimeSpan Latency { get; init; }
}
