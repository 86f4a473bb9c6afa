using Microsoft.Extensions.Options;

namespace Orders.Shopper;

/// <summary>The shopper. Section <c>Shopper</c>.</summary>
public sealed class ShopperOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Shopper";

    /// <summary>How fast it shops from the start, see <see cref="OrderRate"/>; empty: not before it is told to.</summary>
    public string? Rate { get; set; }

    /// <summary>Makes the orders the same ones again.</summary>
    public int? Seed { get; set; }

    /// <summary>The key the orders API knows it by; empty where it lets in calls without one.</summary>
    public string? Key { get; set; }

    /// <summary>Address of the orders API, by default the name of the service.</summary>
    public Uri OrdersApi { get; set; } = new("http://orders-api");
}

internal sealed class ShopperOptionsValidation : IValidateOptions<ShopperOptions>
{
    public ValidateOptionsResult Validate(string? name, ShopperOptions options)
    {
        if (!string.IsNullOrEmpty(options.Rate) && !OrderRate.TryParse(options.Rate, out _))
            return ValidateOptionsResult.Fail($"Shopper:Rate is '{options.Rate}'; it must be {OrderRate.Rule}.");
        return options.OrdersApi is { IsAbsoluteUri: true, Scheme: "http" or "https" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Shopper:OrdersApi is '{options.OrdersApi}'; it must be the address of the orders API, such as http://orders-api or http://127.0.0.1:5101.");
    }
}
