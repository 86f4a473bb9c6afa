using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.AppHost.Testing;

/// <summary>The whole system as its app host runs it, on free ports and a data directory of its own.</summary>
public static class PipelineApplication
{
    /// <summary>The options that let systems run side by side.</summary>
    public static string[] OnFreePorts(string data) =>
        [$"--data={data}", "--Ports:Emulator=0", "--Ports:OrdersApi=0", "--Ports:CustomerCare=0", "--Ports:Dashboard=0"];

    /// <summary>Builds the application; nothing runs yet.</summary>
    /// <param name="data">Its data directory.</param>
    /// <param name="arguments">More options of the app host.</param>
    /// <param name="environment">What every process finds in its environment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DistributedApplication> BuildAsync(
        string data, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChangeFeed_AppHost>(
            [.. OnFreePorts(data), .. arguments], cancellationToken);
        foreach (var service in builder.Resources.Where(IsService))
            service.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
            {
                foreach (var (name, value) in environment)
                    context.EnvironmentVariables[name] = value;
            }));
        return await builder.BuildAsync(cancellationToken);
    }

    /// <summary>Starts everything and waits until it is healthy.</summary>
    /// <exception cref="TimeoutException">It was not within the time given.</exception>
    public static async Task StartAsync(this DistributedApplication application, TimeSpan within, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        try
        {
            await application.StartAsync(deadline.Token);
            await Task.WhenAll(application.Services().Select(service => application.ResourceNotifications
                .WaitForResourceHealthyAsync(service.Name, WaitBehavior.StopOnResourceUnavailable, deadline.Token)));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The system was not healthy within {within.TotalSeconds:0} s.", e);
        }
    }

    /// <summary>The store and what runs on it, without what Aspire adds.</summary>
    public static IEnumerable<IResource> Services(this DistributedApplication application) =>
        application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(IsService);

    /// <summary>Whether it is the store or runs on it.</summary>
    public static bool IsService(this IResource resource) => resource is ProjectResource or CosmosEmulatorResource;

    /// <summary>The process; null where none runs, or where the orchestrator does not know it yet, which it says by a zero.</summary>
    public static int? ProcessId(this CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
            && Convert.ToInt32(value, CultureInfo.InvariantCulture) is > 0 and var pid
                ? pid
                : null;
}
