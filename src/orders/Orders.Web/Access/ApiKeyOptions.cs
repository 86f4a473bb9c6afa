using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orders.Web.Access;

/// <summary>Whether a caller is needed, and the keys of callers. Bound to the section of the service.</summary>
public sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    /// <summary>Whether every call needs a caller. True unless this is development, and nowhere else can it be false.</summary>
    public bool? RequireAuth { get; set; }

    /// <summary>A key with the role operator, in plain text: made at start by the app host.</summary>
    public string? Key { get; set; }

    /// <summary>The keys given to people and machines.</summary>
    public IList<ApiKey> Keys { get; set; } = [];

    /// <summary>Whether calls without a caller are let in.</summary>
    public bool IsOpen => RequireAuth == false;

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

/// <summary>Says which setting is wrong. Nothing but development starts without anybody who could prove who they are.</summary>
internal sealed class ApiKeyOptionsValidation(AccessRules rules, IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<ApiKeyOptions>
{
    private const int LeastKeyLength = 16;

    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options)
    {
        if (options.Key is { Length: > 0 and < LeastKeyLength })
            return ValidateOptionsResult.Fail($"{rules.Section}:Key is too short; give it at least {LeastKeyLength} characters.");
        if (options.IsOpen && !environment.IsDevelopment())
            return ValidateOptionsResult.Fail(
                $"{rules.Section}:RequireAuth is false, and the environment is {environment.EnvironmentName}: "
                + "calls without a caller are let in in Development alone.");
        if (!options.IsOpen && string.IsNullOrEmpty(options.Key) && options.Keys.Count == 0 && !BearerTokens.AreConfigured(configuration))
            return ValidateOptionsResult.Fail(
                $"Nobody could call: set {rules.Section}:Key or {rules.Section}:Keys for callers with a key, "
                + $"or {BearerTokens.Section}:Authority for those with a token.");
        var problems = options.Keys.SelectMany((key, i) => Problems($"{rules.Section}:Keys:{i}", key)).Concat(BearerTokens.Problems(configuration)).ToList();
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
