using Microsoft.Extensions.Options;
using Orders.Hosting;

namespace Orders.Tax;

/// <summary>What the service is made of.</summary>
public static class TaxWorker
{
    /// <summary>Calculates the tax of every order.</summary>
    public static Worker Worker { get; } = new(
        "tax",
        builder =>
        {
            builder.Services.AddSingleton<IValidateOptions<TaxOptions>, TaxOptionsValidation>();
            builder.Services.AddOptions<TaxOptions>().Bind(builder.Configuration.GetSection(TaxOptions.Section)).ValidateOnStart();
            builder.Services.AddSingleton(services =>
                TaxRateFile.Parse(File.ReadLines(services.GetRequiredService<IOptions<TaxOptions>>().Value.RatesFile)));
        },
        (feed, _) => feed.Endpoint("tax", endpoint => endpoint.AddConsumer<WhenOrderPlaced>()));
}
