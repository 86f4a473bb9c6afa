using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Orders.CustomerCare.Access;

internal static class AccessExtensions
{
    /// <summary>Keys, roles, and what the OpenAPI document says about them.</summary>
    public static void AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsValidation>();
        services.AddOptions<ApiKeyOptions>(ApiKeyHandler.SchemeName).BindConfiguration(ApiKeyOptions.Section).ValidateOnStart();
        services.AddAuthentication(ApiKeyHandler.SchemeName).AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Roles.Reader, policy => policy.RequireRole(Roles.Reader, Roles.Operator))
            .AddPolicy(Roles.Operator, policy => policy.RequireRole(Roles.Operator));
        services.Configure<OpenApiOptions>("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[ApiKeyHandler.SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyHandler.Header,
                Description = "Reading may be open to all, depending on the configuration; changing something never is.",
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyHandler.SchemeName, document)] = [] }];
            return Task.CompletedTask;
        }));
    }
}
