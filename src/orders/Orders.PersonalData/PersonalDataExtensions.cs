using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orders.Hosting;

namespace Orders.PersonalData;

/// <summary>Registration of what seals and opens personal data.</summary>
public static class PersonalDataExtensions
{
    /// <summary>
    /// Adds <see cref="PersonalDataProtector"/>, the keys it uses, where they are, and the index of addresses. Adding it twice does no harm.
    /// </summary>
    public static IServiceCollection AddPersonalData(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(PersonalDataProtector)))
            return services;
        services.AddSingleton<IConfigureOptions<PersonalDataOptions>, PersonalDataOptionsSetup>();
        services.AddSingleton<IValidateOptions<PersonalDataOptions>, PersonalDataOptionsSetup>();
        services.AddOptions<PersonalDataOptions>().ValidateOnStart();
        return services
            .AddSingleton<KeyDatabase>()
            .AddSingleton<IPreparedDatabase>(provider => provider.GetRequiredService<KeyDatabase>())
            .AddSingleton<AddressIndex>()
            .AddSingleton<ICustomerKeys, CustomerKeys>()
            .AddSingleton<PersonalDataProtector>();
    }
}
