using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.PersonalData;

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
public sealed class AddressIndex(KeyDatabase database)
{
    private const string Prefix = "address:";
    private const string SecretId = "address-secret";

    private readonly Lock _lock = new();
    private Task<byte[]>? _secret;

    /// <summary>The customers who have used an address; upper and lower case make no difference.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string email, CancellationToken cancellationToken) =>
        (await ReadAsync(await NameOfAsync(email, cancellationToken), cancellationToken))?.Document.Customers ?? [];

    /// <summary>One spelling of an address: <c>Jürgen@Bücher.example</c> is <c>jürgen@xn--bcher-kva.example</c>.</summary>
    private static string Spelling(string email)
    {
        var text = PlainText.Normalize(email.Trim());
        return (EmailAddress.TryParse(text, out var address) ? address.ToString() : text).ToLowerInvariant();
    }

    internal async ValueTask<string> NameOfAsync(string email, CancellationToken cancellationToken)
    {
        Task<byte[]> reading;
        lock (_lock)
            reading = _secret is null or { IsFaulted: true } ? _secret = ReadSecretAsync() : _secret;
        var secret = await reading.WaitAsync(cancellationToken);
        return Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(Spelling(email))));
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
            var before = found?.Document.Customers ?? [];
            var after = change(before);
            if (ReferenceEquals(after, before))
                return;
            var isWritten = after.Count == 0
                ? await TryDeleteAsync(name, found!.Value.ETag, cancellationToken)
                : await database.Keys.TryWriteAsync(name, name, new AddressEntry(name, after), found?.ETag, AddressJson.Default.AddressEntry, cancellationToken) is not null;
            if (isWritten)
                return; // otherwise another was faster: look again
        }
    }

    private async Task<bool> TryDeleteAsync(string name, string etag, CancellationToken cancellationToken)
    {
        using var response = await database.Keys.DeleteItemStreamAsync(
            name, new PartitionKey(name), new ItemRequestOptions { IfMatchEtag = etag }, cancellationToken);
        if (response.StatusCode == HttpStatusCode.PreconditionFailed)
            return false;
        if (response.StatusCode != HttpStatusCode.NotFound)
            response.EnsureSuccessStatusCode();
        return true;
    }

    private Task<(AddressEntry Document, string ETag)?> ReadAsync(string name, CancellationToken cancellationToken) =>
        database.Keys.FindAsync(name, name, AddressJson.Default.AddressEntry, cancellationToken);

    /// <summary>The secret, made by whoever needs it first.</summary>
    private async Task<byte[]> ReadSecretAsync()
    {
        while (true)
        {
            if (await database.Keys.FindAsync(SecretId, SecretId, AddressJson.Default.AddressSecret, CancellationToken.None) is { } found)
                return found.Document.Secret;
            var made = new AddressSecret(SecretId, RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes));
            await database.Keys.TryWriteAsync(SecretId, SecretId, made, null, AddressJson.Default.AddressSecret, CancellationToken.None);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AddressEntry))]
[JsonSerializable(typeof(AddressSecret))]
internal sealed partial class AddressJson : JsonSerializerContext;
