using Microsoft.Extensions.DependencyInjection;
using Orders.Hosting;

namespace Orders.PersonalData;

/// <summary>Registration of what seals and opens personal data.</summary>
public static class PersonalDataExtensions
{
    /// <summary>Adds <see cref="PersonalDataProtector"/>, the keys it uses, and the index of addresses.</summary>
    public static IServiceCollection AddPersonalData(this IServiceCollection services) => services
        .AddContainers(PersonalDataContainers.CustomerKeys, PersonalDataContainers.CustomerAddresses)
        .AddSingleton<AddressIndex>()
        .AddSingleton<ICustomerKeys, CustomerKeys>()
        .AddSingleton<PersonalDataProtector>();
}
