using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;

namespace Bench.Views;

/// <summary>An embedded store full of orders, and the commands of the views to run on it.</summary>
internal sealed class ViewsSetup : IAsyncDisposable
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(3);

    private readonly CosmosEndpoint _endpoint;

    private ViewsSetup(BenchOptions options, CosmosEndpoint endpoint) =>
        (Options, _endpoint, Client) = (options, endpoint, CosmosAccount.Connect(endpoint.Address));

    public BenchOptions Options { get; }

    public CosmosClient Client { get; }

    public Container Events => Client.GetContainer("orders", "events");

    public string ConnectionString => CosmosAccount.ConnectionString(_endpoint.Address);

    public static async Task<ViewsSetup> StartAsync(BenchOptions options, WorkDirectory directory, CancellationToken stop)
    {
        var setup = new ViewsSetup(options, await CosmosEndpoint.StartEmulatorAsync("emulator", directory.Sub("emulator"), stop));
        await setup.CommandAsync(null, stop, "list"); // creates the containers as the services do
        return setup;
    }

    /// <inheritdoc cref="ViewsCommand.RunAsync"/>
    public Task<string> CommandAsync(string? line, CancellationToken stop, params string[] arguments) =>
        ViewsCommand.RunAsync(ConnectionString, line, CommandDeadline, stop, arguments);

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _endpoint.DisposeAsync();
    }
}
