using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orders.PersonalData;

/// <summary>
/// A text only who has the key of its customer can read: <c>sealed1.CUSTOMER.CONTENT</c>, both base64url. The content is nonce, cipher text
/// and tag of AES-256-GCM; the customer is authenticated with it, so that a text cannot be moved to another customer.
/// </summary>
public static class SealedText
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    private const string Prefix = "sealed1.";
    private static readonly int NonceSize = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagSize = AesGcm.TagByteSizes.MaxSize;

    /// <summary>Seals a text. Never the same twice.</summary>
    public static string Seal(string customerId, byte[] key, string text)
    {
        var customer = Encoding.UTF8.GetBytes(customerId);
        var plain = Encoding.UTF8.GetBytes(text);
        var content = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(content.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(content.AsSpan(0, NonceSize), plain, content.AsSpan(NonceSize, plain.Length), content.AsSpan(NonceSize + plain.Length), customer);
        return $"{Prefix}{Base64Url.EncodeToString(customer)}.{Base64Url.EncodeToString(content)}";
    }

    /// <summary>The customer whose key opens the text; null when it is not sealed, whatever it begins with.</summary>
    public static string? CustomerOf(string value) => Parse(value)?.Customer;

    /// <summary>Opens a sealed text.</summary>
    /// <exception cref="CryptographicException">It is not sealed with this key, or was changed.</exception>
    public static string Open(string value, byte[] key)
    {
        var (customer, content) = Parse(value) ?? throw new CryptographicException("The text is not sealed.");
        var plain = new byte[content.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            content.AsSpan(0, NonceSize), content.AsSpan(NonceSize, plain.Length), content.AsSpan(NonceSize + plain.Length), plain,
            Encoding.UTF8.GetBytes(customer));
        return Encoding.UTF8.GetString(plain);
    }

    private static (string Customer, byte[] Content)? Parse(string value)
    {
        if (!value.StartsWith(Prefix, StringComparison.Ordinal) || value[Prefix.Length..].Split('.') is not [var customer, var content])
            return null;
        if (!Base64Url.IsValid(customer) || !Base64Url.IsValid(content) || Base64Url.DecodeFromChars(content) is not { } bytes
            || bytes.Length < NonceSize + TagSize)
            return null;
        return (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(customer)), bytes);
    }
}
