using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using Microsoft.Azure.Cosmos;

namespace OrderPipeline.Pipeline.Tests;

/// <summary>The whole system, started through the app host as a person would, on free ports and a data directory of its own.</summary>
public sealed class RunningPipeline : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    // The key every Cosmos DB emulator has.
    private const string EmulatorKey = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    private static readonly Dictionary<string, string> QuickLeases = new()
    {
        ["ChangeFeed__LeaseAcquireInterval"] = "00:00:01",
        ["ChangeFeed__LeaseRenewInterval"] = "00:00:02",
        ["ChangeFeed__LeaseExpirationInterval"] = "00:00:05",
    };

    private static readonly SemaphoreSlim Starting = new(1);

    private readonly Dictionary<string, ServiceProcess> _services = [];
    private readonly List<ServiceProcess> _joined = [];
    private readonly bool _ownsData;
    private readonly Process _host;
    private readonly ConcurrentQueue<string> _output;

    private RunningPipeline(
        Process host, ConcurrentQueue<string> output, string data, bool ownsData, IReadOnlyDictionary<string, AppHostResource> resources)
    {
        _host = host;
        _ownsData = ownsData;
        _output = output;
        DataDirectory = data;
        Resources = resources;
        Orders = new HttpClient { BaseAddress = Url("orders-api") };
        Care = new HttpClient { BaseAddress = Url("customer-care") };
    }

    public string DataDirectory { get; }

    public string MailDirectory => Path.Combine(DataDirectory, "mail");

    public string SimulatorDirectory => Path.Combine(DataDirectory, "simulators");

    public HttpClient Orders { get; }

    public HttpClient Care { get; }

    internal IReadOnlyDictionary<string, AppHostResource> Resources { get; }

    public string Output => string.Join(Environment.NewLine, _output);

    public static string NewDataDirectory() => Directory.CreateTempSubdirectory("order-pipeline-").FullName;

    public Uri Url(string resource) => new(Resources[resource].Url ?? throw new InvalidOperationException($"{resource} has no URL."));

    /// <summary>The store the system runs on.</summary>
    public string ConnectionString => $"AccountEndpoint={Url("emulator")};AccountKey={EmulatorKey}";

    /// <summary>A client of the store the system runs on.</summary>
    public CosmosClient CreateCosmosClient() => new(
        Url("emulator").ToString(), EmulatorKey, new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway,
            UseSystemTextJsonSerializerWithOptions = System.Text.Json.JsonSerializerOptions.Web,
        });

    /// <summary>Starts the app host and waits until it says that everything is up. Data in no given directory is deleted in the end.</summary>
    public static Task<RunningPipeline> StartAsync(string? dataDirectory = null, params string[] arguments) => StartAsync(dataDirectory, arguments, new Dictionary<string, string>());

    /// <summary>The same where leases change hands several times as fast as by default: for tests in which instances die.</summary>
    public static Task<RunningPipeline> StartWithQuickLeasesAsync(string? dataDirectory = null, params string[] arguments) =>
        StartAsync(dataDirectory, arguments, QuickLeases);

    private static async Task<RunningPipeline> StartAsync(
        string? dataDirectory, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        // One after the other: the ports two hosts choose are only taken when their processes listen on them.
        await Starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return await StartAloneAsync(dataDirectory, arguments, environment);
        }
        finally
        {
            Starting.Release();
        }
    }

    private static async Task<RunningPipeline> StartAloneAsync(
        string? dataDirectory, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var data = dataDirectory ?? NewDataDirectory();
        var output = new ConcurrentQueue<string>();
        var host = Start(output, ["--data", data, "--Ports:Emulator", "0", "--Ports:OrdersApi", "0", "--Ports:CustomerCare", "0", .. arguments], environment);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (host.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                if (!host.HasExited) host.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"The app host did not come up:{Environment.NewLine}{string.Join(Environment.NewLine, output)}");
            }

            if (await AppHostState.ReadAsync(data) is { State: "running" } state && state.Pid == host.Id)
                return new RunningPipeline(host, output, data, dataDirectory is null, state.Resources.ToDictionary(r => r.Name));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Starts the app host's process and collects what it prints.</summary>
    internal static Process Start(ConcurrentQueue<string> output, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(AppHostAssembly);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // The tests ask as fast as they can, all of them from one address.
        start.Environment["CustomerCare__RateLimits__RequestsPerSecond"] = start.Environment["CustomerCare__RateLimits__Burst"] = "100000";
        start.Environment["Erasure__SettleTime"] = "00:00:01";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => { if (line.Data is not null) output.Enqueue(line.Data); };
        process.ErrorDataReceived += (_, line) => { if (line.Data is not null) output.Enqueue(line.Data); };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Ctrl+C, and the time until the app host was gone.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var started = Stopwatch.GetTimestamp();
        if (!_host.HasExited)
            _host.SendInterrupt();
        await _host.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Kills a process at a random moment of the next second and starts it again half a second later at most.</summary>
    public async Task KillAndStartAsync(string resource, Random random)
    {
        await Task.Delay(random.Next(1000), TestContext.Current.CancellationToken);
        var service = Service(resource);
        await service.KillAsync();
        await Task.Delay(random.Next(500), TestContext.Current.CancellationToken);
        service.Start();
    }

    /// <summary>A process of the system, to be stopped and started on its own.</summary>
    internal ServiceProcess Service(string resource) =>
        _services.TryGetValue(resource, out var service) ? service : _services[resource] = ServiceProcess.Of(Resources[resource]);

    /// <summary>One more instance of a worker, gone at the latest with the system.</summary>
    internal ServiceProcess Join(string resource, params (string Name, string Value)[] environment)
    {
        var another = Service(resource).Another(environment);
        _joined.Add(another);
        another.Start();
        return another;
    }

    /// <summary>The lines all workers have logged so far, and whose they are.</summary>
    internal IEnumerable<(string Endpoint, string Line)> Logs() =>
        _output.Select(line => line.Split('|', 2))
            // The app host repeats the last lines of a service that ended, of whichever service.
            .Where(parts => parts.Length == 2 && parts[0].Trim() != "app host").Select(parts => (EndpointOf(parts[0]), parts[1]))
            .Concat(_services.Values.Concat(_joined).SelectMany(service => service.Lines.Select(line => (EndpointOf(service.Name), line))));

    /// <summary>Makes the store misbehave: see <c>/_emulator/faults</c> in its README.</summary>
    public async Task InjectFaultAsync(object fault)
    {
        using var store = new HttpClient { BaseAddress = Url("emulator") };
        (await store.PostAsJsonAsync("/_emulator/faults", fault)).EnsureSuccessStatusCode();
    }

    /// <summary>Lets the store behave again.</summary>
    public async Task ClearFaultsAsync()
    {
        using var store = new HttpClient { BaseAddress = Url("emulator") };
        (await store.DeleteAsync("/_emulator/faults")).EnsureSuccessStatusCode();
    }

    /// <summary>Splits a physical partition of the events.</summary>
    public async Task SplitAsync(int range)
    {
        using var store = new HttpClient { BaseAddress = Url("emulator") };
        (await store.PostAsync($"/_emulator/containers/orders/events/split/{range}", null)).EnsureSuccessStatusCode();
    }

    /// <summary>kill -9 of the app host and of everything it started.</summary>
    public async Task KillEverythingAsync()
    {
        foreach (var resource in Resources.Values)
            if (resource.Pid is { } pid)
                Signals.SendKill(pid);
        Signals.SendKill(_host.Id);
        await _host.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            // Whatever went wrong with this one, the next test has the machine for itself.
            if (!_host.HasExited)
                _host.Kill(entireProcessTree: true);
            foreach (var service in _services.Values.Concat(_joined))
                await service.DisposeAsync();
            Orders.Dispose();
            Care.Dispose();
            _host.Dispose();
        }

        if (_ownsData)
            Directory.Delete(DataDirectory, recursive: true);
    }

    // Several instances of a worker are told apart by a number.
    private static string EndpointOf(string resource) => resource.Trim().TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd('-');

    private static string AppHostAssembly { get; } = Assembly("ChangeFeed.AppHost", "OrderPipeline.AppHost");

    /// <summary>A program of the solution as it was built together with this test.</summary>
    internal static string Assembly(string project, string name) =>
        Path.Combine(Metadata("RepositoryRoot"), project, "bin", Metadata("Configuration"), "net10.0", $"{name}.dll");

    private static string Metadata(string key) => typeof(RunningPipeline).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
