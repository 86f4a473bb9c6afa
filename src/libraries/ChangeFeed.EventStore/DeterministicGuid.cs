using System.Security.Cryptography;
using System.Text;

namespace ChangeFeed.EventStore;

/// <summary>Name-based UUIDs (RFC 9562, version 5): the same name gives the same id on every machine and at every try.</summary>
public static class DeterministicGuid
{
    /// <summary>The UUID of <paramref name="name"/> within <paramref name="ns"/>.</summary>
    public static Guid Create(Guid ns, string name)
    {
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        ns.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
