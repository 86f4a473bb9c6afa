using Orders.CustomerCare.Auditing;
using Orders.Shopper;
using Orders.Web;

namespace Orders.CustomerCare.Shopping;

/// <summary>Starts and stops the shopper in the name of an agent.</summary>
/// <param name="audit">Where it is kept who did it.</param>
/// <param name="shopper">The shopper; null outside of development.</param>
internal sealed class ShopperActions(AuditTrail audit, ShopperLoop? shopper = null)
{
    /// <summary>What the shopper does; null where there is none.</summary>
    public ShopperStatus? Status => shopper?.Status;

    /// <summary>Lets it place orders at this rate from now on.</summary>
    /// <returns>What it does then; null where there is none.</returns>
    /// <exception cref="InvalidRequestException">The rate is missing or wrong.</exception>
    public Task<ShopperStatus?> StartAsync(string? rate, string agent, CancellationToken cancellationToken)
    {
        var parsed = ShoppingRate.Required(rate);
        return ShopAsync(parsed, agent, "start", cancellationToken, new Dictionary<string, string> { ["rate"] = parsed.ToString() });
    }

    /// <summary>Lets it place no more orders.</summary>
    /// <returns>What it did; null where there is none.</returns>
    public Task<ShopperStatus?> StopAsync(string agent, CancellationToken cancellationToken) =>
        ShopAsync(null, agent, "stop", cancellationToken);

    private async Task<ShopperStatus?> ShopAsync(
        OrderRate? rate, string agent, string action, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? what = null)
    {
        if (shopper is null)
            return null;
        await audit.DoAsync(AuditSubject.Shopper, agent, action, why: null, Act, cancellationToken, what);
        return shopper.Status;

        Task<string?> Act()
        {
            shopper.Shop(rate);
            return Task.FromResult<string?>(null);
        }
    }
}
