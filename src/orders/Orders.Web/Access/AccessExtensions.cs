using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Orders.Web.Access;

/// <summary>Who may call an API.</summary>
public static class AccessExtensions
{
    /// <summary>Name of the scheme that knows a caller by whatever they send.</summary>
    public const string AnyCaller = "Caller";

    /// <summary>Keys, tokens, roles, and what the OpenAPI document says about them.</summary>
    /// <param name="services">The service.</param>
    /// <param name="section">Name of its configuration section.</param>
    /// <param name="anonymousRole">What calls without a caller may do in development.</param>
    public static void AddCallers(this IServiceCollection services, string section, string anonymousRole)
    {
        services.AddSingleton(new AccessRules(section, anonymousRole));
        services.AddSingleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsValidation>();
        services.AddOptions<ApiKeyOptions>(ApiKey.Scheme)
            .BindConfiguration(section)
            .PostConfigure<IHostEnvironment>((options, environment) => options.RequireAuth ??= !environment.IsDevelopment())
            .ValidateOnStart();
        services.AddAuthentication(AnyCaller)
            .AddPolicyScheme(AnyCaller, null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKey.Scheme, null)
            .AddBearerTokens();
        services.AddAuthorizationBuilder()
            .AddPolicy(Roles.Reader, policy => policy.RequireRole(Roles.Reader, Roles.Operator))
            .AddPolicy(Roles.Operator, policy => policy.RequireRole(Roles.Operator));
        services.Configure<OpenApiOptions>("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        }));
    }

    /// <summary>Finds out who calls, how much they may ask for, and what they may do, in this order.</summary>
    public static void UseCallers(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseRateLimiter(); // after it is known who asks, and before they are told that they may not
        app.UseAuthorization();
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (app.Services.GetRequiredService<IOptionsMonitor<ApiKeyOptions>>().Get(ApiKey.Scheme).IsOpen)
                app.Logger.LogInformation(
                    "Calls without a caller are let in, because this is development; {Section}:RequireAuth=true ends that",
                    app.Services.GetRequiredService<AccessRules>().Section);
        });
    }

    private static string SchemeOf(HttpContext http) =>
        !http.Request.Headers.ContainsKey(ApiKey.Header)
        && http.Request.Headers[HeaderNames.Authorization].Any(value => value?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true)
            ? BearerTokens.Scheme
            : ApiKey.Scheme;

    private static void Describe(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[ApiKey.Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = ApiKey.Header,
            Description = "A key of the back office or of a machine. In development, calls without a caller may be let in.",
        };
        document.Components.SecuritySchemes[BearerTokens.Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = $"A token of the configured issuer. Its subject is the customer; the back office has the role {Roles.Reader} or {Roles.Operator}.",
        };
        // Either of them.
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKey.Scheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerTokens.Scheme, document)] = [] },
        ];
    }
}
