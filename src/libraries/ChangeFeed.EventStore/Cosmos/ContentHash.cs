using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChangeFeed.EventStore.Cosmos;

/// <summary>Half a SHA-256: two different contents with the same hash do not occur.</summary>
public static class ContentHash
{
    /// <summary>Hash of a document as its metadata writes it, whatever the order and spelling it was stored in.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <param name="document">The document.</param>
    /// <param name="json">Its shape.</param>
    public static UInt128 Of<T>(T document, JsonTypeInfo<T> json) => Of(JsonSerializer.SerializeToUtf8Bytes(document, json));

    /// <summary>Hash of a text.</summary>
    /// <param name="text">The text.</param>
    public static UInt128 Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Hash of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
