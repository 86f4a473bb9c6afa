using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace ChangeFeed.AppHost.Lifecycle;

/// <summary>
/// Stops the services before the store they run on. Aspire stops everything at once: a service would then wait for an answer of a
/// store that is gone before it gives up releasing its leases.
/// </summary>
internal sealed class ServicesStopFirst(DistributedApplicationModel model, ResourceCommandService commands) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await Task.WhenAll(model.Resources.OfType<ProjectResource>()
                .Select(service => commands.ExecuteCommandAsync(service, KnownResourceCommands.StopCommand, patience.Token)));
        }
        catch (OperationCanceledException)
        {
            // Whatever has not stopped by now is stopped with everything else.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
