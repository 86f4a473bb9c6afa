using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orders.Testing;

/// <summary>Signs tokens with a key of its own, as <c>dotnet user-jwts</c> does, and tells a service about it.</summary>
public sealed class TestIssuer
{
    public const string Audience = "orders";

    private const string Issuer = "issuer-of-the-test";

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Lets the service trust it.</summary>
    public void TrustedBy(IWebHostBuilder service)
    {
        service.UseSetting("Authentication:Schemes:Bearer:ValidIssuer", Issuer);
        service.UseSetting("Authentication:Schemes:Bearer:ValidAudience", Audience);
        service.UseSetting("Authentication:Schemes:Bearer:SigningKeys:0:Issuer", Issuer);
        service.UseSetting("Authentication:Schemes:Bearer:SigningKeys:0:Value", Convert.ToBase64String(_key));
    }

    /// <summary>A token of this subject.</summary>
    public string Token(
        string? subject, string audience = Audience, string issuer = Issuer, int minutes = 10, params IEnumerable<(string Name, object Value)> claims)
    {
        var all = claims.ToDictionary(claim => claim.Name, claim => claim.Value);
        if (subject is not null)
            all["sub"] = subject;
        var now = DateTime.UtcNow;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = now.AddHours(-1),
            Expires = now.AddMinutes(minutes),
            Claims = all,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(_key), SecurityAlgorithms.HmacSha256),
        });
    }
}
