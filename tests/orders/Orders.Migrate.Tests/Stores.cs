using System.Diagnostics;
using ChangeFeed.Emulator;
using ChangeFeed.Migration;
using Microsoft.Azure.Cosmos;

namespace Orders.Migrate.Tests;

/// <summary>Two embedded stores, and the command as a process of its own, which can be killed.</summary>
public sealed class Stores : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, EmulatorHost> _stores = [];

    public const string Name = "events";

    public static ContainerLocation Old { get; } = new("cosmos", "orders", Name);

    public static ContainerLocation New { get; } = new("target", "orders", Name);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public AccountClients Accounts { get; private set; } = null!;

    public Container Documents => Accounts.Container(Old with { Container = "migrations" });

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["cosmos", "target"])
            _stores[name] = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        Accounts = Connect();
        using var client = Client("cosmos");
        Database database = await client.CreateDatabaseIfNotExistsAsync(Old.Database);
        await database.CreateContainerIfNotExistsAsync(new ContainerProperties(Name, "/streamId")
        {
            ChangeFeedPolicy = new() { FullFidelityRetention = TimeSpan.FromMinutes(10) },
        });
    }

    public async ValueTask DisposeAsync()
    {
        Accounts.Dispose();
        foreach (var store in _stores.Values)
            await store.DisposeAsync();
    }

    /// <summary>Clients of their own: another process, as far as sessions go.</summary>
    public AccountClients Connect() => new(_stores.Keys, (name, sessions) => Client(name, sessions));

    /// <summary>Starts the command.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "migrate.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, store) in _stores)
            start.Environment[$"ConnectionStrings__{name}"] = store.ConnectionString;
        return Process.Start(start)!;
    }

    /// <summary>Runs the command to its end; what it said goes to the test's output.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop).WaitAsync(Deadline, Stop);
        await process.WaitForExitAsync(Stop).WaitAsync(Deadline, Stop);
        var text = (output + await errors).Trim();
        TestContext.Current.TestOutputHelper?.WriteLine($"> migrate {string.Join(' ', arguments)}{Environment.NewLine}{text}");
        return (process.ExitCode, text);
    }

    /// <summary>As kill -9 does.</summary>
    public static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(Stop);
        process.Dispose();
    }

    private CosmosClient Client(string name, params RequestHandler[] handlers)
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway };
        foreach (var handler in handlers)
            options.CustomHandlers.Add(handler);
        return new CosmosClient(_stores[name].ConnectionString, options);
    }
}
