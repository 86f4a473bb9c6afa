using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Orders.CustomerCare.Access;

/// <summary>Knows who sends a request by the key in <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IProblemDetailsService problems)
    : AuthenticationHandler<ApiKeyOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    /// <summary>The name of whoever reads without a key, where that is allowed.</summary>
    public const string Anonymous = "anonymous";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers[Header];
        if (header.Count == 0)
            return Task.FromResult(Options.RequireKey ? AuthenticateResult.NoResult() : Success(Anonymous, Roles.Reader));
        return Task.FromResult(header is [{ } secret] && Options.Find(secret) is { } key ? Success(key.Name, key.Role) : AuthenticateResult.Fail("unknown key"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return AnswerAsync(StatusCodes.Status401Unauthorized, Request.Headers.ContainsKey(Header)
            ? $"The key in {Header} is not known."
            : $"Send your key in the header {Header}.");
    }

    // Whoever sent no key may hold one that is allowed to; where reading is open they came as far as this without.
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => !Request.Headers.ContainsKey(Header)
        ? HandleChallengeAsync(properties)
        : AnswerAsync(StatusCodes.Status403Forbidden, $"This needs a key with the role {Roles.Operator}.");

    private async Task AnswerAsync(int status, string detail)
    {
        Response.StatusCode = status;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = Context, ProblemDetails = new ProblemDetails { Status = status, Detail = detail } });
    }

    private AuthenticateResult Success(string name, string role)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
