using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Cosmos;

namespace OrderPipeline.ServiceDefaults.PersonalData;

/// <summary>The document in <c>customer-keys</c> that a mail address is found by.</summary>
/// <param name="Id">The name of the address.</param>
/// <param name="Customers">Who has used it.</param>
public sealed record AddressEntry(string Id, IReadOnlyList<string> Customers);

/// <summary>The document in <c>customer-keys</c> with the secret that makes names of addresses.</summary>
public sealed record AddressSecret(string Id, byte[] Secret);

/// <summary>
/// Which customers have used a mail address. The address is not kept: its name is a keyed hash (HMAC-SHA-256) of it, which nobody can guess
/// without the secret.
/// </summary>
public sealed class AddressBook(OrdersDatabase database)
{
    private const string Prefix = "address:";
    private const string SecretId = "address-secret";

    private readonly Lock _lock = new();
    private Task<byte[]>? _secret;

    /// <summary>The customers who have used an address; upper and lower case make no difference.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string email, CancellationToken cancellationToken) =>
        (await ReadAsync(await NameOfAsync(email, cancellationToken), cancellationToken))?.Entry.Customers ?? [];

    internal async ValueTask<string> NameOfAsync(string email, CancellationToken cancellationToken)
    {
        Task<byte[]> reading;
        lock (_lock)
            reading = _secret is null or { IsFaulted: true } ? _secret = ReadSecretAsync() : _secret;
        var secret = await reading.WaitAsync(cancellationToken);
        return Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(email.Trim().ToLowerInvariant())));
    }

    internal Task AddAsync(string name, string customerId, CancellationToken cancellationToken) =>
        ChangeAsync(name, customers => customers.Contains(customerId) ? customers : [.. customers, customerId], cancellationToken);

    internal Task RemoveAsync(string name, string customerId, CancellationToken cancellationToken) =>
        ChangeAsync(name, customers => customers.Contains(customerId) ? [.. customers.Where(c => c != customerId)] : customers, cancellationToken);

    private async Task ChangeAsync(string name, Func<IReadOnlyList<string>, IReadOnlyList<string>> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await ReadAsync(name, cancellationToken);
            var before = found?.Entry.Customers ?? [];
            var after = change(before);
            if (ReferenceEquals(after, before))
                return;
            var options = new ItemRequestOptions { EnableContentResponseOnWrite = false, IfMatchEtag = found?.ETag };
            using var response = after.Count == 0
                ? await database.CustomerKeys.DeleteItemStreamAsync(name, new PartitionKey(name), options, cancellationToken)
                : await WriteAsync(new AddressEntry(name, after), found is null, options, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
                continue; // another was faster: look again
            response.EnsureSuccessStatusCode();
            return;
        }
    }

    private async Task<ResponseMessage> WriteAsync(AddressEntry entry, bool isNew, ItemRequestOptions options, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(entry, AddressJson.Default.AddressEntry), writable: false);
        return isNew
            ? await database.CustomerKeys.CreateItemStreamAsync(body, new PartitionKey(entry.Id), options, cancellationToken)
            : await database.CustomerKeys.ReplaceItemStreamAsync(body, entry.Id, new PartitionKey(entry.Id), options, cancellationToken);
    }

    private async Task<(AddressEntry Entry, string ETag)?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await database.CustomerKeys.ReadItemStreamAsync(name, new PartitionKey(name), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        var entry = await JsonSerializer.DeserializeAsync(response.Content, AddressJson.Default.AddressEntry, cancellationToken);
        return (entry ?? throw new JsonException($"Document '{name}' of container '{database.CustomerKeys.Id}' is null."), response.Headers.ETag);
    }

    /// <summary>The secret, made by whoever needs it first.</summary>
    private async Task<byte[]> ReadSecretAsync()
    {
        while (true)
        {
            using var response = await database.CustomerKeys.ReadItemStreamAsync(SecretId, new PartitionKey(SecretId));
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                response.EnsureSuccessStatusCode();
                return (await JsonSerializer.DeserializeAsync(response.Content, AddressJson.Default.AddressSecret))!.Secret;
            }

            var made = new AddressSecret(SecretId, RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes));
            using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(made, AddressJson.Default.AddressSecret), writable: false);
            using var written = await database.CustomerKeys.CreateItemStreamAsync(body, new PartitionKey(SecretId));
            if (written.StatusCode != HttpStatusCode.Conflict)
                written.EnsureSuccessStatusCode();
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AddressEntry))]
[JsonSerializable(typeof(AddressSecret))]
internal sealed partial class AddressJson : JsonSerializerContext;
