using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orders.CustomerCare.Tests;

/// <summary>The service with a store that cannot be reached: what must not need one is seen not to.</summary>
public sealed class WithoutStore : WebApplicationFactory<Program>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:cosmos", "AccountEndpoint=http://127.0.0.1:1/;AccountKey=a2V5");
        builder.ConfigureServices(services =>
        {
            // Preparing the containers would keep the service from starting.
            var startup = services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "OrdersDatabaseStartup");
            services.Remove(startup);
        });
    }
}
