using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Orders.Cache;

/// <summary>Registration of the cache.</summary>
public static class CacheExtensions
{
    /// <summary>Adds the connection and <see cref="OrderCache"/> for a service that is told of a cache; there is neither without one.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the settings are.</param>
    /// <param name="serviceName">The service, as the server sees it.</param>
    public static IServiceCollection AddOrderCache(this IServiceCollection services, IConfiguration configuration, string serviceName)
    {
        services.AddSingleton<IValidateOptions<CacheOptions>, CacheOptionsValidation>();
        services.AddOptions<CacheOptions>()
            .BindConfiguration(CacheOptions.Section)
            .Configure(options => options.ConnectionString = configuration.GetConnectionString(CacheOptions.ConnectionName) ?? "")
            .ValidateOnStart();
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(CacheOptions.ConnectionName)))
            return services;
        services.AddSingleton<IConnectionMultiplexer>(
            provider => ConnectionMultiplexer.Connect(provider.GetRequiredService<IOptions<CacheOptions>>().Value.Configuration(serviceName)));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<CacheOptions>>().Value);
        return services.AddSingleton<OrderCache>();
    }
}

internal sealed class CacheOptionsValidation : IValidateOptions<CacheOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheOptions options) =>
        options.Validate().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
