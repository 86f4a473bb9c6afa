using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Bench.Harness;
using ChangeFeed.AppHost.Testing;

namespace Bench.Pipeline;

/// <summary>The whole system as its app host runs it, on free ports and a directory of its own.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);

    private readonly DistributedApplication _application;

    private RunningApplication(DistributedApplication application) => _application = application;

    public static async Task<RunningApplication> StartAsync(
        string directory, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var application = await PipelineApplication.BuildAsync(directory, arguments, environment, cancellationToken);
        try
        {
            await application.StartAsync(StartDeadline, cancellationToken);
            return new RunningApplication(application);
        }
        catch (Exception e)
        {
            await application.DisposeAsync();
            if (e is DistributedApplicationException or TimeoutException)
                throw new BenchException($"The system did not start: {e.Message}");
            throw;
        }
    }

    public Uri Url(string service) => _application.GetEndpoint(service, "http");

    /// <summary>The processes of the system.</summary>
    public IEnumerable<RunningProcess> Processes() => _application.Services().Select(service => new RunningProcess(
        service.Name, PidOf(service), service is CosmosEmulatorResource ? Kind.Store : IsApi(service) ? Kind.Api : Kind.Worker));

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static bool IsApi(IResource service) => service.Name is "orders-api" or "customer-care";

    private int PidOf(IResource service) =>
        _application.ResourceNotifications.TryGetCurrentState(service.Name, out var current) && current.Snapshot.ProcessId() is { } pid
            ? pid
            : throw new BenchException($"{service.Name} has no process.");
}
