using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.Web.Access;

/// <summary>Knows who sends a request by the key in <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IProblemDetailsService problems, AccessRules rules)
    : AuthenticationHandler<ApiKeyOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers[ApiKey.Header];
        if (header.Count == 0)
            return Task.FromResult(Options.IsOpen ? Success(Caller.Anonymous(rules.AnonymousRole)) : AuthenticateResult.NoResult());
        return Task.FromResult(header is [{ } secret] && Options.Find(secret) is { } key
            ? Success(Caller.Machine(key))
            : AuthenticateResult.Fail("unknown key"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = new([ApiKey.Scheme, "Bearer"]);
        return AnswerAsync(StatusCodes.Status401Unauthorized, Request.Headers.ContainsKey(ApiKey.Header)
            ? $"The key in {ApiKey.Header} is not known."
            : $"Send your key in the header {ApiKey.Header}, or your token in Authorization: Bearer.");
    }

    // Whoever sent no key may hold one that is allowed to; where calls without a caller are let in they came as far as this without.
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => !Request.Headers.ContainsKey(ApiKey.Header)
        ? HandleChallengeAsync(properties)
        : AnswerAsync(StatusCodes.Status403Forbidden, $"This needs a key with the role {Roles.Operator}.");

    private async Task AnswerAsync(int status, string detail)
    {
        Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Detail = detail };
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = Context, ProblemDetails = problem });
    }

    private AuthenticateResult Success(ClaimsPrincipal caller) => AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme.Name));
}
