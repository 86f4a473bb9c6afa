using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Orders.Web.Access;

/// <summary>Who sends a request, and whose data they may have to do with. A parameter of endpoints.</summary>
public sealed record Caller
{
    /// <summary>The kind of identity that nobody has proven.</summary>
    internal const string AnonymousType = "Anonymous";

    private const string CustomerClaim = "customer";

    /// <summary>Tells callers apart, whatever they prove themselves with; null for calls without a caller.</summary>
    public required string? Id { get; init; }

    /// <summary>The customer the caller is; null for machines and for calls without a caller.</summary>
    public string? CustomerId { get; init; }

    /// <summary>They may look at what is anybody's.</summary>
    public bool IsReader { get; init; }

    /// <summary>They may change what is anybody's.</summary>
    public bool IsOperator { get; init; }

    /// <summary>The caller an identity stands for.</summary>
    public static Caller Of(ClaimsPrincipal user) => new()
    {
        Id = IsAnonymous(user) ? null : $"{user.Identity!.AuthenticationType}\n{user.Identity.Name}",
        CustomerId = user.FindFirstValue(CustomerClaim),
        IsReader = user.IsInRole(Roles.Reader) || user.IsInRole(Roles.Operator),
        IsOperator = user.IsInRole(Roles.Operator),
    };

    /// <summary>Reads the caller of a request.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.User));

    /// <summary>Whether they may look at what is this customer's.</summary>
    public bool MayRead(string customerId) => IsReader || CustomerId == customerId;

    /// <summary>Whether they may change what is this customer's.</summary>
    public bool MayChange(string customerId) => IsOperator || CustomerId == customerId;

    /// <summary>Whether nobody has said who they are.</summary>
    internal static bool IsAnonymous(ClaimsPrincipal user) =>
        user.Identity is not { IsAuthenticated: true, Name: not null, AuthenticationType: not AnonymousType };

    internal static ClaimsPrincipal Anonymous(string role) => Principal(AnonymousType, "anonymous", [role]);

    internal static ClaimsPrincipal Machine(ApiKey key) => Principal(ApiKey.Scheme, key.Name, [key.Role]);

    internal static ClaimsPrincipal Customer(string type, string subject, IEnumerable<string> roles) =>
        Principal(type, subject, roles, new Claim(CustomerClaim, subject));

    private static ClaimsPrincipal Principal(string type, string name, IEnumerable<string> roles, params IEnumerable<Claim> more) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), .. roles.Select(role => new Claim(ClaimTypes.Role, role)), .. more], type));
}
