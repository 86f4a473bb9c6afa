using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Orders.CustomerCare.Access;

/// <summary>Who may use customer care. Section <c>CustomerCare</c>.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    public const string Section = "CustomerCare";

    /// <summary>Whether reading needs a key too. Changing something always does.</summary>
    public bool RequireKey { get; set; }

    /// <summary>A key with the role operator, in plain text: for development, made at start.</summary>
    public string? Key { get; set; }

    /// <summary>The keys given to people and tools.</summary>
    public IList<ApiKey> Keys { get; set; } = [];

    /// <summary>The key a secret belongs to; null when it belongs to none.</summary>
    public ApiKey? Find(string secret) => FindByHash(ApiKey.HashOf(secret));

    /// <summary>The key with this hash; null when there is none.</summary>
    public ApiKey? FindByHash(string hash)
    {
        // All are compared, each in constant time: how long it takes tells nothing about any of them.
        ApiKey? found = null;
        foreach (var key in Keys.Concat(Key is { Length: > 0 } ? [new ApiKey { Name = "development", Role = Roles.Operator, Hash = ApiKey.HashOf(Key) }] : []))
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.Hash.ToLowerInvariant()), Encoding.ASCII.GetBytes(hash.ToLowerInvariant())))
                found = key;
        return found;
    }
}

/// <summary>A key as it is kept: never the secret itself.</summary>
internal sealed class ApiKey
{
    /// <summary>Who holds it; kept with everything they change.</summary>
    public string Name { get; set; } = "";

    /// <summary>One of <see cref="Roles"/>.</summary>
    public string Role { get; set; } = Roles.Reader;

    /// <summary>SHA-256 of the secret, hexadecimal. Secrets are long and random, so nothing slower is needed.</summary>
    public string Hash { get; set; } = "";

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}

/// <summary>Says which setting is wrong.</summary>
internal sealed class ApiKeyOptionsValidation : IValidateOptions<ApiKeyOptions>
{
    private const int LeastKeyLength = 16;

    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options)
    {
        if (options.Key is { Length: > 0 and < LeastKeyLength })
            return ValidateOptionsResult.Fail($"CustomerCare:Key is too short; give it at least {LeastKeyLength} characters.");
        if (options.RequireKey && string.IsNullOrEmpty(options.Key) && options.Keys.Count == 0)
            return ValidateOptionsResult.Fail("CustomerCare:RequireKey is true, but there is no key: set CustomerCare:Keys, or CustomerCare:Key for development.");
        var problems = options.Keys.SelectMany((key, i) => Problems($"CustomerCare:Keys:{i}", key)).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(string path, ApiKey key)
    {
        if (string.IsNullOrWhiteSpace(key.Name))
            yield return $"{path}:Name is missing; say who holds the key.";
        if (key.Role is not (Roles.Reader or Roles.Operator))
            yield return $"{path}:Role is '{key.Role}'; it must be {Roles.Reader} or {Roles.Operator}.";
        if (key.Hash.Length != 64 || !key.Hash.All(char.IsAsciiHexDigit))
            yield return $"{path}:Hash must be the SHA-256 of the key in hexadecimal: printf %s KEY | sha256sum";
    }
}
