using System.Collections.Concurrent;
using System.Security.Cryptography;
using Orders.PersonalData;

namespace Orders.Testing;

/// <summary>The keys of customers without a store.</summary>
public sealed class CustomerKeysInMemory : ICustomerKeys
{
    private readonly ConcurrentDictionary<string, byte[]?> _keys = new();

    public Task<byte[]> GetOrCreateAsync(string customerId, string email, CancellationToken cancellationToken) => Task.FromResult(
        _keys.GetOrAdd(customerId, _ => RandomNumberGenerator.GetBytes(SealedText.KeySize)) ?? throw new CustomerErasedException(customerId));

    public ValueTask<byte[]?> FindAsync(string customerId, CancellationToken cancellationToken) => ValueTask.FromResult(
        _keys.TryGetValue(customerId, out var key) ? key : throw new KeyNotFoundException($"No key of '{customerId}'."));

    public Task<DateTimeOffset> DropAsync(string customerId, CancellationToken cancellationToken)
    {
        _keys[customerId] = null;
        return Task.FromResult(DateTimeOffset.UnixEpoch);
    }
}
