using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Bench.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Bench.Pipeline;

/// <summary>The whole system as its app host runs it, on free ports and a directory of its own.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);

    private readonly DistributedApplication _application;

    private RunningApplication(DistributedApplication application) => _application = application;

    public static async Task<RunningApplication> StartAsync(
        string directory, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChangeFeed_AppHost>(
            [$"--data={directory}", "--Ports:Emulator=0", "--Ports:OrdersApi=0", "--Ports:CustomerCare=0", "--Ports:Dashboard=0"],
            cancellationToken);
        foreach (var service in builder.Resources.OfType<ProjectResource>())
            service.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
            {
                foreach (var (name, value) in environment)
                    context.EnvironmentVariables[name] = value;
            }));

        var application = await builder.BuildAsync(cancellationToken);
        try
        {
            await HealthyAsync(application, cancellationToken);
            return new RunningApplication(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public Uri Url(string service) => _application.GetEndpoint(service, "http");

    /// <summary>The processes of the system.</summary>
    public IEnumerable<RunningProcess> Processes() => Services(_application).Select(service => new RunningProcess(
        service.Name, PidOf(service), service is CosmosEmulatorResource ? Kind.Store : IsApi(service) ? Kind.Api : Kind.Worker));

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task HealthyAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        try
        {
            await application.StartAsync(deadline.Token);
            await Task.WhenAll(Services(application).Select(service => application.ResourceNotifications
                .WaitForResourceHealthyAsync(service.Name, WaitBehavior.StopOnResourceUnavailable, deadline.Token)));
        }
        catch (Exception e) when (e is DistributedApplicationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"The system was not up within {StartDeadline.TotalSeconds:0} s: {e.Message}");
        }
    }

    private static IEnumerable<IResource> Services(DistributedApplication application) => application.Services
        .GetRequiredService<DistributedApplicationModel>().Resources.Where(resource => resource is ProjectResource or CosmosEmulatorResource);

    private static bool IsApi(IResource service) => service.Name is "orders-api" or "customer-care";

    private int PidOf(IResource service) =>
        _application.ResourceNotifications.TryGetCurrentState(service.Name, out var current)
        && current.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, CultureInfo.InvariantCulture)
            : throw new BenchException($"{service.Name} has no process.");
}
