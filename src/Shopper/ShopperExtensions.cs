using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrderPipeline.Shopper;

/// <summary>Registration of the shopper.</summary>
public static class ShopperExtensions
{
    /// <summary>Adds <see cref="ShopperLoop"/>, configured by the section <c>Shopper</c>.</summary>
    /// <param name="services">The service it runs in.</param>
    /// <param name="ordersApi">Address of the orders API where the section names none.</param>
    public static IServiceCollection AddShopper(this IServiceCollection services, string? ordersApi)
    {
        services.AddSingleton<IValidateOptions<ShopperOptions>, ShopperOptionsValidation>();
        services.AddOptions<ShopperOptions>()
            .Configure(options => options.OrdersApi = ordersApi is null ? options.OrdersApi : new Uri(ordersApi, UriKind.RelativeOrAbsolute))
            .BindConfiguration(ShopperOptions.Section)
            .ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var options = provider.GetRequiredService<IOptions<ShopperOptions>>();
            var http = new HttpClient { BaseAddress = options.Value.OrdersApi, Timeout = TimeSpan.FromSeconds(15) };
            return new ShopperLoop(new OrdersApiClient(http, time), options, time, provider.GetRequiredService<ILogger<ShopperLoop>>());
        });
        return services.AddHostedService(provider => provider.GetRequiredService<ShopperLoop>());
    }
}
