using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace TestSupport;

/// <summary>The app host's application, built for a test.</summary>
internal static class PipelineApplication
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);

    /// <summary>What every service is told here: the tests ask as fast as they can, all of them from one address.</summary>
    public static readonly Dictionary<string, string> ForTests = new()
    {
        ["CustomerCare__RateLimits__RequestsPerSecond"] = "100000",
        ["CustomerCare__RateLimits__Burst"] = "100000",
        ["OrdersApi__RateLimits__RequestsPerSecond"] = "100000",
        ["OrdersApi__RateLimits__Burst"] = "100000",
        ["Erasure__SettleTime"] = "00:00:01",
    };

    public static async Task<DistributedApplication> BuildAsync(
        string data, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChangeFeed_AppHost>(
            [.. AppHostCommand.FreePorts(data), .. arguments], TestContext.Current.CancellationToken);
        foreach (var service in builder.Resources.Services())
            service.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
            {
                foreach (var (name, value) in ForTests.Concat(environment))
                    context.EnvironmentVariables[name] = value;
            }));
        return await builder.BuildAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Starts everything and waits until it is healthy.</summary>
    public static async Task StartAsync(DistributedApplication application)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);
        await application.StartAsync(limit.Token);
        var services = application.Model().Resources.Services();
        await Task.WhenAll(services.Select(service => application.ResourceNotifications.WaitForResourceHealthyAsync(
            service.Name, WaitBehavior.StopOnResourceUnavailable, limit.Token)));
    }

    public static DistributedApplicationModel Model(this DistributedApplication application) =>
        application.Services.GetRequiredService<DistributedApplicationModel>();

    /// <summary>The store and what runs on it, without what Aspire adds.</summary>
    public static IEnumerable<IResource> Services(this IEnumerable<IResource> resources) => resources.Where(IsService);

    public static bool IsService(this IResource resource) => resource is ProjectResource or CosmosEmulatorResource;
}
