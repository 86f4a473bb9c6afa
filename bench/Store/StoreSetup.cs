using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;

namespace Bench.Store;

/// <summary>The processes the store is compared between: the floor, the store itself, and PostgreSQL where it is installed.</summary>
internal sealed class StoreSetup : IAsyncDisposable
{
    public const string Events = "events";
    public const string Leases = "leases";

    private StoreSetup(BenchOptions options, WorkDirectory directory, CosmosSubject floor, CosmosSubject subject, Postgres? postgres) =>
        (Options, Directory, Floor, Subject, Postgres) = (options, directory, floor, subject, postgres);

    public BenchOptions Options { get; }

    public WorkDirectory Directory { get; }

    /// <summary>The stub: HTTP and one sync of the disk, nothing else.</summary>
    public CosmosSubject Floor { get; }

    public CosmosSubject Subject { get; }

    public Postgres? Postgres { get; }

    public string PostgresReason => "PostgreSQL is not installed";

    public static async Task<StoreSetup> StartAsync(BenchOptions options, WorkDirectory directory, CancellationToken stop)
    {
        Progress.Say("starting the stub and the store");
        var floor = await CosmosSubject.CreateAsync(
            await CosmosEndpoint.StartStubAsync("stub", Path.Combine(directory.Path, "stub.log"), stop), stop);
        var subject = await CosmosSubject.CreateAsync(options.SubjectIsFloor
            ? await CosmosEndpoint.StartStubAsync("second stub", Path.Combine(directory.Path, "second.log"), stop)
            : await CosmosEndpoint.StartEmulatorAsync("emulator", directory.Sub("emulator"), stop), stop);
        Postgres? postgres = null;
        if (Postgres.Installed is not null)
        {
            Progress.Say("starting PostgreSQL");
            postgres = await Postgres.StartAsync(directory.Sub("postgres"), stop);
        }

        return new StoreSetup(options, directory, floor, subject, postgres);
    }

    public async ValueTask DisposeAsync()
    {
        await Floor.DisposeAsync();
        await Subject.DisposeAsync();
        if (Postgres is not null)
            await Postgres.DisposeAsync();
    }
}

/// <summary>An endpoint with the containers of the figures.</summary>
internal sealed class CosmosSubject(CosmosEndpoint endpoint, CosmosClient client, Container events) : IAsyncDisposable
{
    public string Name => endpoint.Name;

    public CosmosEndpoint Endpoint => endpoint;

    public CosmosClient Client => client;

    public CosmosWriter Writer { get; } = new(endpoint.Name, events);

    public static async Task<CosmosSubject> CreateAsync(CosmosEndpoint endpoint, CancellationToken stop)
    {
        var client = CosmosAccount.Connect(endpoint.Address);
        var events = await CosmosAccount.CreateContainerAsync(client, StoreSetup.Events, stop: stop);
        await CosmosAccount.CreateContainerAsync(client, StoreSetup.Leases, "/id", -1, stop);
        return new CosmosSubject(endpoint, client, events);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return endpoint.DisposeAsync();
    }
}
