using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using Microsoft.Extensions.Configuration;

namespace Orders.Archive;

/// <summary>Where the archive is: a directory, or a container of Azure Blob Storage.</summary>
/// <param name="Directory">The directory; empty where it is a container.</param>
/// <param name="ConnectionString">
/// <c>ConnectionStrings:archive</c>: a connection string of a storage account, or the address of its blob service, to which then the identity of
/// this process is let in. Empty where it is a directory.
/// </param>
/// <param name="Container"><c>Sinks:Archive:Container</c>: the container, made where it is missing.</param>
public sealed record ArchiveLocation(string Directory, string ConnectionString, string Container)
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "archive";

    /// <summary>The directory where commands look for it that are told nothing: that of the app host.</summary>
    public const string UsualDirectory = ".data/sinks/archive";

    private const string DefaultContainer = "archive";

    // A batch has seconds; the endpoint tries again anyway, and says so.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Whether it is a directory.</summary>
    public bool IsLocal => ConnectionString.Length == 0;

    /// <summary>Reads it from the configuration.</summary>
    /// <param name="configuration">Where the settings are.</param>
    /// <param name="directory">The directory where none is configured.</param>
    public static ArchiveLocation Read(IConfiguration configuration, string directory = "") => new(
        configuration["Sinks:Archive:Directory"] is { Length: > 0 } given ? given : directory,
        configuration.GetConnectionString(ConnectionName) ?? "",
        configuration["Sinks:Archive:Container"] is { Length: > 0 } container ? container : DefaultContainer);

    /// <summary>Says what is wrong, naming the setting; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (IsLocal)
        {
            if (Directory.Length == 0)
                yield return $"Sinks:Archive:Directory is not set: it must be the directory of the archive; or set ConnectionStrings:{ConnectionName}.";
            yield break;
        }

        if (Problem() is { } problem)
            yield return problem;
    }

    /// <summary>The table of a generation.</summary>
    /// <param name="generation">1 for the first.</param>
    /// <param name="time">The clock that dates commits.</param>
    /// <param name="writer">Who writes.</param>
    public DeltaTable Table(int generation, TimeProvider time, string writer) => new(Storage(generation), time, $"Orders.Archive/{writer}");

    /// <summary>Where the table of a generation is.</summary>
    /// <param name="generation">1 for the first.</param>
    public ITableStorage Storage(int generation) => IsLocal
        ? new LocalTableStorage(Path.Combine(Directory, ArchiveTable.FolderOf(generation)))
        : new BlobTableStorage(ContainerClient(), ArchiveTable.FolderOf(generation));

    /// <summary>Makes the container where it is missing.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Azure.RequestFailedException">The account does not answer, or does not let us in.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!IsLocal)
            await ContainerClient().CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    private BlobContainerClient ContainerClient()
    {
        var options = new BlobClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 2;
        options.Retry.NetworkTimeout = Patience;
        return Uri.TryCreate(ConnectionString, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new BlobContainerClient(new Uri($"{ConnectionString.TrimEnd('/')}/{Container}"), new DefaultAzureCredential(), options)
            : new BlobContainerClient(ConnectionString, Container, options);
    }

    private string? Problem()
    {
        try
        {
            _ = ContainerClient();
            return null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return $"ConnectionStrings:{ConnectionName} is no address of a storage account: it must be its connection string, or be like "
                + "'https://account.blob.core.windows.net'.";
        }
    }
}
