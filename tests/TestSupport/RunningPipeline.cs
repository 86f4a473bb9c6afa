using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChangeFeed.AppHost.Testing;
using Microsoft.Azure.Cosmos;

namespace TestSupport;

/// <summary>The whole system as its app host runs it, in processes of their own, on free ports and a data directory of its own.</summary>
public sealed class RunningPipeline : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    // The tests ask as fast as they can, all of them from one address.
    private static readonly Dictionary<string, string> ForTests = new()
    {
        ["CustomerCare__RateLimits__RequestsPerSecond"] = "100000",
        ["CustomerCare__RateLimits__Burst"] = "100000",
        ["OrdersApi__RateLimits__RequestsPerSecond"] = "100000",
        ["OrdersApi__RateLimits__Burst"] = "100000",
        ["Erasure__SettleTime"] = "00:00:01",
    };

    // The key every Cosmos DB emulator has.
    private const string EmulatorKey = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    private static readonly Dictionary<string, string> QuickLeases = new()
    {
        ["ChangeFeed__LeaseAcquireInterval"] = "00:00:01",
        ["ChangeFeed__LeaseRenewInterval"] = "00:00:02",
        ["ChangeFeed__LeaseExpirationInterval"] = "00:00:05",
    };

    private readonly DistributedApplication _application;
    private readonly ServiceLogs _logs;
    private readonly bool _ownsData;
    private readonly ConcurrentBag<JoinedInstance> _joined = [];

    private RunningPipeline(
        DistributedApplication application, ServiceLogs logs, IReadOnlyDictionary<string, ServiceInstance> services, string data, bool ownsData,
        IReadOnlyDictionary<string, string> environment)
    {
        Environment = environment;
        _application = application;
        _logs = logs;
        _ownsData = ownsData;
        DataDirectory = data;
        Services = services;
        Orders = new HttpClient { BaseAddress = Url("orders-api") };
        Care = new HttpClient { BaseAddress = Url("customer-care") };
    }

    public string DataDirectory { get; }

    /// <summary>What the services were told beside the usual, and commands are told too.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public string MailDirectory => Path.Combine(DataDirectory, "mail");

    public string SimulatorDirectory => Path.Combine(DataDirectory, "simulators");

    public HttpClient Orders { get; }

    public HttpClient Care { get; }

    /// <summary>Everything all processes have printed so far.</summary>
    public string Output => string.Join(System.Environment.NewLine, _logs.Lines.Select(line => $"{line.Service} | {line.Text}"));

    /// <summary>The store the system runs on.</summary>
    public string ConnectionString => $"AccountEndpoint={Url("cosmos")};AccountKey={EmulatorKey}";

    /// <summary>The processes of the system, by name; several of one service are told apart by a number.</summary>
    internal IReadOnlyDictionary<string, ServiceInstance> Services { get; }

    public static string NewDataDirectory() => Directory.CreateTempSubdirectory("order-pipeline-").FullName;

    /// <summary>Starts everything and waits until it is healthy. Data in no given directory is deleted in the end.</summary>
    public static Task<RunningPipeline> StartAsync(string? dataDirectory = null, params string[] arguments) =>
        StartAsync(dataDirectory, arguments, []);

    /// <summary>
    /// The same where there are several partitions, whose leases change hands several times as fast as by default: for tests in which instances die.
    /// </summary>
    public static Task<RunningPipeline> StartWithQuickLeasesAsync(string? dataDirectory = null, params string[] arguments) =>
        StartAsync(dataDirectory, ["--partitions=4", .. arguments], QuickLeases);

    /// <summary>The same where the store keeps former versions of the views for a minute: for tests of what is gone from the disk.</summary>
    public static Task<RunningPipeline> StartWithShortRetentionAsync(string? dataDirectory = null, params string[] arguments) =>
        StartAsync(dataDirectory, arguments, new Dictionary<string, string> { ["Cosmos__VersionRetention"] = "00:01:00" });

    /// <summary>The same where the events follow a migration, which may name another account.</summary>
    public static Task<RunningPipeline> StartFollowingAsync(string migration, string account, string connectionString, params string[] arguments) =>
        StartAsync(null, ["--partitions=4", .. arguments], new Dictionary<string, string>(QuickLeases)
        {
            ["Cosmos__Directory__Entry"] = migration,
            ["Cosmos__Directory__Validity"] = "00:00:03",
            [$"ConnectionStrings__{account}"] = connectionString,
        });

    private static async Task<RunningPipeline> StartAsync(
        string? dataDirectory, string[] arguments, Dictionary<string, string> environment)
    {
        var stop = TestContext.Current.CancellationToken;
        var data = dataDirectory ?? NewDataDirectory();
        var application = await PipelineApplication.BuildAsync(data, arguments, ForTests.Concat(environment).ToDictionary(), stop);
        var logs = new ServiceLogs(application);
        try
        {
            await application.StartAsync(StartLimit, stop);
        }
        catch (Exception e)
        {
            await application.DisposeAsync();
            throw new InvalidOperationException($"The system did not come up: {e.Message}{System.Environment.NewLine}"
                + string.Join(System.Environment.NewLine, logs.Lines.Select(line => $"{line.Service} | {line.Text}")), e);
        }

        return new RunningPipeline(application, logs, await ServiceInstance.AllAsync(application, logs), data, dataDirectory is null, environment);
    }

    public Uri Url(string service) => _application.GetEndpoint(service, "http");

    /// <summary>A client of the store the system runs on.</summary>
    public CosmosClient CreateCosmosClient() => new(
        Url("cosmos").ToString(), EmulatorKey, new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            UseSystemTextJsonSerializerWithOptions = System.Text.Json.JsonSerializerOptions.Web,
        });

    /// <summary>Runs a command of a resource as the dashboard does.</summary>
    public Task<ExecuteCommandResult> ExecuteAsync(string service, string command, params (string Name, string Value)[] arguments)
    {
        var inputs = arguments.Select(argument =>
            new InteractionInput { Name = argument.Name, Value = argument.Value, InputType = InputType.Text });
        return _application.ResourceCommands.ExecuteCommandAsync(
            Services[service].Id, command, new InteractionInputCollection([.. inputs]), TestContext.Current.CancellationToken);
    }

    /// <summary>Stops everything as the app host does; the time that took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await _application.StopAsync(TestContext.Current.CancellationToken).WaitAsync(StopLimit);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Kills a process at a random moment of the next second and starts it again half a second later at most.</summary>
    public async Task KillAndStartAsync(string service, Random random)
    {
        await Task.Delay(random.Next(1000), TestContext.Current.CancellationToken);
        await Services[service].KillAsync();
        await Task.Delay(random.Next(500), TestContext.Current.CancellationToken);
        await Services[service].StartAsync();
    }

    /// <summary>One more instance of a worker, gone at the latest with the system.</summary>
    internal JoinedInstance Join(string service, params (string Name, string Value)[] environment)
    {
        var another = JoinedInstance.Start(Services[service], environment);
        _joined.Add(another);
        return another;
    }

    /// <summary>The lines all workers have logged so far, and whose they are.</summary>
    internal IEnumerable<(string Service, string Text)> Logs() =>
        _logs.Lines.Concat(_joined.SelectMany(instance => instance.Lines.Select(line => (instance.Service, line))));

    /// <summary>Makes the store misbehave: see <c>/_emulator/faults</c> in its README.</summary>
    public async Task InjectFaultAsync(object fault)
    {
        using var store = new HttpClient { BaseAddress = Url("cosmos") };
        (await store.PostAsJsonAsync("/_emulator/faults", fault)).EnsureSuccessStatusCode();
    }

    /// <summary>Lets the store behave again.</summary>
    public async Task ClearFaultsAsync()
    {
        using var store = new HttpClient { BaseAddress = Url("cosmos") };
        (await store.DeleteAsync("/_emulator/faults")).EnsureSuccessStatusCode();
    }

    /// <summary>Splits a physical partition of the events.</summary>
    public async Task SplitAsync(int range)
    {
        using var store = new HttpClient { BaseAddress = Url("cosmos") };
        (await store.PostAsync($"/_emulator/containers/orders/events/split/{range}", null)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _joined)
            await instance.DisposeAsync();
        Orders.Dispose();
        Care.Dispose();
        if (_ownsData)
            KillServices(); // nobody will look at its data any more, and an orderly stop takes seconds
        await _application.DisposeAsync();
        await _logs.DisposeAsync();
        if (_ownsData)
            Directory.Delete(DataDirectory, recursive: true);
    }

    private void KillServices()
    {
        foreach (var pid in Services.Values.Select(service => service.FindPid()).OfType<int>())
            Signals.TrySendKill(pid);
    }

    /// <summary>A program of the solution as it was built together with this test.</summary>
    /// <param name="project">Its folder.</param>
    internal static string Assembly(string project) =>
        Path.Combine(RepositoryRoot, project, "bin", Configuration, "net10.0", $"{Path.GetFileName(project)}.dll");

    internal static string RepositoryRoot => Metadata("RepositoryRoot");

    internal static string Configuration => Metadata("Configuration");

    private static string Metadata(string key) => typeof(RunningPipeline).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
