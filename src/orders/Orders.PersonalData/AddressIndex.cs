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

/// <summary>
/// That a customer has used an address: two documents in <c>customer-addresses</c>, one in the partition of the address, one in that of the
/// customer. So however many customers share an address, and however many addresses a customer has, no document grows.
/// </summary>
/// <param name="Id">The other of the two: the customer, or the name of the address.</param>
/// <param name="Key">Whose partition it is in.</param>
public sealed record AddressUse(string Id, string Key);

/// <summary>As it was kept before: one document in <c>customer-keys</c> for all customers of an address. Read, and no longer written.</summary>
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

    private Container Uses => database.Get(PersonalDataContainers.CustomerAddresses);

    /// <summary>Some of the customers who have used an address, by their id; upper and lower case of the address make no difference.</summary>
    /// <param name="email">The address.</param>
    /// <param name="after">Only customers behind this one; null for the first ones.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<string>> FindAsync(string email, string? after, int most, CancellationToken cancellationToken)
    {
        var name = await NameOfAsync(email, cancellationToken);
        var query = new QueryDefinition($"SELECT TOP {most} * FROM c WHERE c.id > @after ORDER BY c.id").WithParameter("@after", after ?? "");
        var found = await Uses.QueryAsync(query, use => use.GetProperty("id"u8).GetString()!, In(name), cancellationToken);
        var before = (await ReadAsync(name, cancellationToken))?.Document.Customers ?? [];
        return [.. found.Union(before.Where(c => string.CompareOrdinal(c, after) > 0)).Order(StringComparer.Ordinal).Take(most)];
    }

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

    /// <summary>Whether the customer is found by the address. One request unit.</summary>
    internal async Task<bool> ContainsAsync(string name, string customerId, CancellationToken cancellationToken) =>
        await Uses.FindAsync(customerId, name, AddressJson.Default.AddressUse, cancellationToken) is not null;

    /// <summary>First the use that <see cref="RemoveAsync"/> goes by, so that nothing is left over after a crash between the two.</summary>
    internal async Task AddAsync(string name, string customerId, CancellationToken cancellationToken)
    {
        await Uses.UpsertAsync(Of(customerId), new AddressUse(name, Of(customerId)), AddressJson.Default.AddressUse, cancellationToken);
        await Uses.UpsertAsync(name, new AddressUse(customerId, name), AddressJson.Default.AddressUse, cancellationToken);
    }

    /// <summary>Forgets every address of a customer.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="before">Names of addresses of which it was kept the old way.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task RemoveAsync(string customerId, IEnumerable<string> before, CancellationToken cancellationToken)
    {
        await foreach (var use in Uses.QueryAsync(new QueryDefinition("SELECT * FROM c"), In(Of(customerId)), cancellationToken))
        {
            var name = use.GetProperty("id"u8).GetString()!;
            await DeleteAsync(customerId, name, cancellationToken);
            await DeleteAsync(name, Of(customerId), cancellationToken);
        }

        foreach (var name in before)
            await ChangeAsync(name, customers => customers.Contains(customerId) ? [.. customers.Where(c => c != customerId)] : customers, cancellationToken);
    }

    private static string Of(string customerId) => $"customer:{customerId}";

    private static QueryRequestOptions In(string key) => new() { PartitionKey = new PartitionKey(key), MaxItemCount = 100 };

    private async Task DeleteAsync(string id, string key, CancellationToken cancellationToken)
    {
        using var response = await Uses.DeleteItemStreamAsync(id, new PartitionKey(key), cancellationToken: cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
            response.EnsureSuccessStatusCode();
    }

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
                : await database.Keys.TryWriteAsync(
                    name, name, new AddressEntry(name, after), found?.ETag, AddressJson.Default.AddressEntry, cancellationToken) is not null;
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
[JsonSerializable(typeof(AddressUse))]
[JsonSerializable(typeof(AddressEntry))]
[JsonSerializable(typeof(AddressSecret))]
internal sealed partial class AddressJson : JsonSerializerContext;
