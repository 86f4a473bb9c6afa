using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Orders.Hosting;

namespace Orders.PersonalData;

/// <summary>The document in <c>customer-keys</c>.</summary>
/// <param name="Id"><c>key:</c> and the customer: whatever they are called, no other document is.</param>
/// <param name="Key">What seals their personal data; null once they are erased.</param>
/// <param name="CreatedAt">When the key was made, UTC.</param>
/// <param name="ErasedAt">When it was dropped, UTC.</param>
/// <param name="Addresses">Under which names the customer was in <see cref="AddressIndex"/> before it kept that itself.</param>
public sealed record CustomerKey(
    string Id, byte[]? Key, DateTimeOffset CreatedAt, DateTimeOffset? ErasedAt = null, IReadOnlyList<string>? Addresses = null);

/// <summary>The customer was erased; nothing personal of them can be stored any more.</summary>
public sealed class CustomerErasedException(string customerId) : Exception($"Customer '{customerId}' was erased.");

/// <summary>One key per customer: what their personal data is sealed with.</summary>
public interface ICustomerKeys
{
    /// <summary>The key to seal with, made when there is none. What is written with it now must not outlive an erasure.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="email">Their address: from now on they are found by it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CustomerErasedException">The customer was erased.</exception>
    Task<byte[]> GetOrCreateAsync(string customerId, string email, CancellationToken cancellationToken);

    /// <summary>The key to open with; null when the customer was erased.</summary>
    /// <exception cref="KeyNotFoundException">There never was one here: the container is not the one the events belong to.</exception>
    ValueTask<byte[]?> FindAsync(string customerId, CancellationToken cancellationToken);

    /// <summary>Drops the key, or sees to it that none is made. Done before: tells when.</summary>
    Task<DateTimeOffset> DropAsync(string customerId, CancellationToken cancellationToken);
}

/// <summary>
/// The keys in a container. A dropped key leaves a marker that stays, so that none is ever made again for them. Backups of this container
/// decide how long erased data can be brought back: keep them no longer than you may.
/// </summary>
public sealed class CustomerKeys(OrdersDatabase database, AddressIndex addresses, TimeProvider time) : ICustomerKeys
{
    /// <summary>How long a process may go on opening texts with a key that was dropped.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private const int Remembered = 10_000;

    // Emptied when full: the customers whose orders are on their way are in it again at once.
    private readonly ConcurrentDictionary<string, (CustomerKey Key, long ReadAt)> _known = new();

    /// <inheritdoc/>
    public async Task<byte[]> GetOrCreateAsync(string customerId, string email, CancellationToken cancellationToken)
    {
        var address = await addresses.NameOfAsync(email, cancellationToken);
        while (true)
        {
            var found = await ReadAsync(customerId, cancellationToken);
            if (found?.Document.ErasedAt is not null)
                throw new CustomerErasedException(customerId);
            var known = found?.Document ?? new CustomerKey(IdOf(customerId), RandomNumberGenerator.GetBytes(SealedText.KeySize), time.GetUtcNow());
            if (found is null && !await TryWriteAsync(known, null, cancellationToken))
                continue;
            if (await addresses.ContainsAsync(address, customerId, cancellationToken))
                return known.Key!;

            await addresses.AddAsync(address, customerId, cancellationToken);
            if ((await ReadAsync(customerId, cancellationToken))?.Document.ErasedAt is null)
                return known.Key!;
            // Erased since the key was read: whoever did that may not have seen the address.
            await addresses.RemoveAsync(customerId, [], cancellationToken);
            throw new CustomerErasedException(customerId);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> FindAsync(string customerId, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        if (_known.TryGetValue(customerId, out var known) && time.GetElapsedTime(known.ReadAt) < MaxAge)
            return known.Key.Key;
        var (key, _) = await ReadAsync(customerId, cancellationToken) ?? throw new KeyNotFoundException(
            $"Container '{database.Get(PersonalDataContainers.CustomerKeys).Id}' has no key of customer '{customerId}', whose personal data is sealed with it. Restore the container.");
        if (_known.Count >= Remembered)
            _known.Clear();
        _known[customerId] = (key, asked);
        return key.Key;
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset> DropAsync(string customerId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await ReadAsync(customerId, cancellationToken);
            var now = time.GetUtcNow();
            var marker = found?.Document is { ErasedAt: not null } before
                ? before
                : new CustomerKey(IdOf(customerId), null, found?.Document.CreatedAt ?? now, now, found?.Document.Addresses);
            if (found?.Document != marker && !await TryWriteAsync(marker, found?.ETag, cancellationToken))
                continue;
            _known.TryRemove(customerId, out _);
            await addresses.RemoveAsync(customerId, marker.Addresses ?? [], cancellationToken);
            return marker.ErasedAt!.Value;
        }
    }

    private static string IdOf(string customerId) => $"key:{customerId}";

    private Task<(CustomerKey Document, string ETag)?> ReadAsync(string customerId, CancellationToken cancellationToken) =>
        database.Get(PersonalDataContainers.CustomerKeys).FindAsync(IdOf(customerId), IdOf(customerId), CustomerKeyJson.Default.CustomerKey, cancellationToken);

    private async Task<bool> TryWriteAsync(CustomerKey key, string? etag, CancellationToken cancellationToken) =>
        await database.Get(PersonalDataContainers.CustomerKeys).TryWriteAsync(key.Id, key.Id, key, etag, CustomerKeyJson.Default.CustomerKey, cancellationToken) is not null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CustomerKey))]
internal sealed partial class CustomerKeyJson : JsonSerializerContext;
