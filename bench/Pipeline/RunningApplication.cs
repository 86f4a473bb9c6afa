using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Bench.Harness;
using ChangeFeed.AppHost.Testing;

namespace Bench.Pipeline;

/// <summary>The whole system as its app host runs it, on free ports and a directory of its own.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(600);

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

    /// <summary>The processes of the system; the instances of a worker have its name.</summary>
    public async Task<IReadOnlyList<RunningProcess>> FindProcessesAsync(CancellationToken cancellationToken)
    {
        var expected = _application.Services().Sum(service => service.GetReplicaCount());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        var found = new Dictionary<string, RunningProcess>();
        try
        {
            await foreach (var change in _application.ResourceNotifications.WatchAsync(deadline.Token))
            {
                if (change.Resource.IsService() && change.Snapshot.ProcessId() is { } pid)
                    found[change.ResourceId] = new RunningProcess(change.Resource.Name, pid, KindOf(change.Resource));
                if (found.Count == expected)
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"Only {found.Count} of {expected} processes of the system were found.");
        }

        return [.. found.OrderBy(instance => instance.Key, StringComparer.Ordinal).Select(instance => instance.Value)];
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static Kind KindOf(IResource service) => service switch
    {
        CosmosEmulatorResource => Kind.Store,
        { Name: "orders-api" or "customer-care" } => Kind.Api,
        _ => Kind.Worker,
    };
}
