using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.Shopper;

/// <summary>Registration of the shopper.</summary>
public static class ShopperExtensions
{
    /// <summary>Adds <see cref="ShopperLoop"/>, configured by the section <c>Shopper</c>.</summary>
    /// <param name="services">The service it runs in; its HTTP clients find services by name.</param>
    public static IServiceCollection AddShopper(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ShopperOptions>, ShopperOptionsValidation>();
        services.AddOptions<ShopperOptions>()
            .BindConfiguration(ShopperOptions.Section)
            .ValidateOnStart();
        services.AddHttpClient(OrdersApiClient.HttpClientName, (provider, http) =>
        {
            var options = provider.GetRequiredService<IOptions<ShopperOptions>>().Value;
            http.BaseAddress = options.OrdersApi;
            if (!string.IsNullOrEmpty(options.Key))
                http.DefaultRequestHeaders.Add("X-Api-Key", options.Key);
        });
        services.AddSingleton(provider => new ShopperLoop(
            new OrdersApiClient(provider.GetRequiredService<IHttpClientFactory>()),
            provider.GetRequiredService<IOptions<ShopperOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ShopperLoop>>()));
        return services.AddHostedService(provider => provider.GetRequiredService<ShopperLoop>());
    }
}
