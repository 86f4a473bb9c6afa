using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ChangeFeed.DeltaLake.Storage;

/// <summary>A table in a container of Azure Blob Storage. A file is created under the condition that there is none, which the service decides.</summary>
/// <param name="container">The container; it must exist.</param>
/// <param name="folder">The folder of the table in it, without slashes at its ends.</param>
public sealed class BlobTableStorage(BlobContainerClient container, string folder) : ITableStorage
{
    // Reads of a footer and of a few columns, not one request per page of Parquet.
    private const int ReadAhead = 1024 * 1024;

    /// <inheritdoc/>
    public string Location => $"{container.Uri.GetLeftPart(UriPartial.Path)}/{folder}";

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken) => TryAsync(path, "read", async () =>
    {
        try
        {
            return (Stream?)await BlobOf(path).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = ReadAhead }, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != BlobErrorCode.ContainerNotFound)
        {
            return null;
        }
    });

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => TryAsync(path, "written", async () =>
    {
        try
        {
            await BlobOf(path).UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
    });

    /// <inheritdoc/>
    public Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        TryAsync(path, "written", () => BlobOf(path).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFile> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = NameOf(folder.Length == 0 ? "" : folder + "/");
        await using var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await TryAsync(folder, "listed", () => blobs.MoveNextAsync().AsTask()))
        {
            var blob = blobs.Current;
            yield return new StoredFile(
                blob.Name[NameOf("").Length..], blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? DateTimeOffset.UnixEpoch);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        TryAsync(path, "deleted", () => BlobOf(path).DeleteIfExistsAsync(cancellationToken: cancellationToken));

    private string NameOf(string path) => folder.Length == 0 ? path : $"{folder}/{path}";

    private BlobClient BlobOf(string path) => container.GetBlobClient(NameOf(path));

    private async Task<T> TryAsync<T>(string path, string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or IOException)
        {
            // The service says much more, over many lines; who reads a sentence wants the first.
            var said = (e is RequestFailedException { ErrorCode: { Length: > 0 } code } ? $"{code}: " : "") + e.Message.Split('\n')[0].TrimEnd();
            throw new TableStorageException($"'{path}' of the table at {Location} cannot be {what}: {said}", e);
        }
    }
}
