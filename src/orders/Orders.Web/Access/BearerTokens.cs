using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.Web.Access;

/// <summary>
/// Knows who sends a request by a token in <c>Authorization: Bearer</c>: the subject is the customer. Issuer, audience and keys are set where
/// ASP.NET Core looks for them by itself, so <c>dotnet user-jwts</c> finds them too.
/// </summary>
internal static class BearerTokens
{
    public const string Scheme = JwtBearerDefaults.AuthenticationScheme;
    public const string Section = $"Authentication:Schemes:{Scheme}";

    private const string ScopePrefix = "orders.";

    /// <summary>Whether any token could be valid.</summary>
    public static bool AreConfigured(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return section["Authority"] is { Length: > 0 }
            || section["MetadataAddress"] is { Length: > 0 }
            || section.GetSection("SigningKeys").GetChildren().Any();
    }

    /// <summary>What is wrong with the settings, a sentence for each.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (!AreConfigured(configuration))
            yield break;
        if (!section.GetSection("ValidAudiences").GetChildren().Append(section.GetSection("ValidAudience")).Any(audience => audience.Value is { Length: > 0 }))
            yield return $"{Section}:ValidAudience is not set; set it to what the issuer gives as the audience in tokens for this API.";
        if (section["Authority"] is { Length: > 0 } authority
            && !(Uri.TryCreate(authority, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || IsHttpAllowed(section, address))))
            yield return $"{Section}:Authority is '{authority}'; it must be the https address of the issuer.";
    }

    public static AuthenticationBuilder AddBearerTokens(this AuthenticationBuilder authentication) => authentication.AddJwtBearer(Scheme, options =>
    {
        options.MapInboundClaims = false;
        // What a setting could switch off: a token for somebody else, or from anybody, is none.
        options.TokenValidationParameters.ValidateAudience = true;
        options.TokenValidationParameters.ValidateIssuer = true;
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                if (context.Principal?.FindFirstValue("sub") is { Length: > 0 } subject)
                    context.Principal = Caller.Customer(Scheme, subject, RolesOf(context.Principal.Claims));
                else
                    context.Fail("The token has no subject.");
                return Task.CompletedTask;
            },
        };
    });

    /// <summary>The roles in a token: by themselves, or as the scopes <c>orders.reader</c> and <c>orders.operator</c>.</summary>
    public static IEnumerable<string> RolesOf(IEnumerable<Claim> claims) => claims
        .SelectMany(claim => claim.Type switch
        {
            "role" or "roles" => [claim.Value],
            "scope" or "scp" => claim.Value.Split(' ')
                .Where(scope => scope.StartsWith(ScopePrefix, StringComparison.Ordinal)).Select(scope => scope[ScopePrefix.Length..]),
            _ => Enumerable.Empty<string>(),
        })
        .Where(role => role is Roles.Reader or Roles.Operator)
        .Distinct();

    private static bool IsHttpAllowed(IConfigurationSection section, Uri address) =>
        address.Scheme == Uri.UriSchemeHttp && bool.TryParse(section["RequireHttpsMetadata"], out var needed) && !needed;
}
