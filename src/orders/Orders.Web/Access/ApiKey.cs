using System.Security.Cryptography;
using System.Text;

namespace Orders.Web.Access;

/// <summary>A key as it is kept: never the secret itself.</summary>
public sealed class ApiKey
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme = "ApiKey";

    /// <summary>The header that carries the secret.</summary>
    public const string Header = "X-Api-Key";

    /// <summary>Who holds it; kept with everything they change.</summary>
    public string Name { get; set; } = "";

    /// <summary>One of <see cref="Roles"/>.</summary>
    public string Role { get; set; } = Roles.Reader;

    /// <summary>SHA-256 of the secret, hexadecimal. Secrets are long and random, so nothing slower is needed.</summary>
    public string Hash { get; set; } = "";

    /// <summary>The hash of a secret.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
