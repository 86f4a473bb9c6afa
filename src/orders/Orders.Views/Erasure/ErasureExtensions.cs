using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;
using Orders.Views.Denormalisation;

namespace Orders.Views.Erasure;

/// <summary>Registration of what erases customers.</summary>
public static class ErasureExtensions
{
    /// <summary>Erases the customers whose documents are marked, and keeps record of what the store deletes of them.</summary>
    public static WebApplicationBuilder AddErasure(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<ErasureOptions>, ErasureOptionsValidation>();
        builder.Services.AddOptions<ErasureOptions>().Bind(builder.Configuration.GetSection(ErasureOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton(services => new CustomerOrderScan(CustomerOrderScan.In(services.GetRequiredService<OrdersDatabase>())));
        builder.Services.AddSingleton<CustomerErasure>();
        builder.Services.AddHostedService<DeletionAudit>();
        return builder.AddReferenceFeed("erasure", ReferenceKind.Customer, services => services.GetRequiredService<CustomerErasure>().OnCustomerChangedAsync);
    }
}
