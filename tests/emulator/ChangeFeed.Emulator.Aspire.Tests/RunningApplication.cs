using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.Emulator.Aspire.Tests;

/// <summary>An application of one emulator, really running under the orchestrator.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly DistributedApplication _application;
    private readonly CosmosEmulatorResource _emulator;

    private RunningApplication(DistributedApplication application, CosmosEmulatorResource emulator) =>
        (_application, _emulator) = (application, emulator);

    public static async Task<RunningApplication> StartAsync(Action<IResourceBuilder<CosmosEmulatorResource>> configure)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var emulator = builder.AddCosmosEmulator("cosmos");
        configure(emulator);
        var running = new RunningApplication(await builder.BuildAsync(), emulator.Resource);
        try
        {
            await running._application.StartAsync().WaitAsync(Deadline);
            await running.UntilHealthyAsync();
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    public Task UntilHealthyAsync() => _application.ResourceNotifications.WaitForResourceHealthyAsync(_emulator.Name).WaitAsync(Deadline);

    public Task UntilEndedAsync() =>
        _application.ResourceNotifications.WaitForResourceAsync(_emulator.Name, KnownResourceStates.TerminalStates).WaitAsync(Deadline);

    /// <summary>The process the resource says it runs.</summary>
    public Process Process()
    {
        var property = Snapshot().Properties.Single(property => property.Name == "executable.pid");
        return System.Diagnostics.Process.GetProcessById(Convert.ToInt32(property.Value, CultureInfo.InvariantCulture));
    }

    public IEnumerable<string> Urls() => Snapshot().Urls.Select(url => url.Url);

    public async Task<CosmosClient> ConnectAsync()
    {
        var connectionString = await _application.GetConnectionStringAsync(_emulator.Name);
        return new(connectionString, new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            LimitToEndpoint = true,
            RequestTimeout = TimeSpan.FromSeconds(5),
            MaxRetryAttemptsOnRateLimitedRequests = 0,
        });
    }

    public async Task<ExecuteCommandResult> ExecuteAsync(string command, params (string Name, string Value)[] arguments)
    {
        var inputs = arguments.Select(argument =>
            new InteractionInput { Name = argument.Name, Value = argument.Value, InputType = InputType.Text });
        return await _application.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(_emulator, command, new InteractionInputCollection([.. inputs])).WaitAsync(Deadline);
    }

    private CustomResourceSnapshot Snapshot()
    {
        _application.ResourceNotifications.TryGetCurrentState(_emulator.Name, out var current).ShouldBeTrue();
        return current!.Snapshot;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
