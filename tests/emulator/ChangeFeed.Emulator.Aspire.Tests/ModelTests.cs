using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ChangeFeed.Emulator.Aspire.Tests;

/// <summary>What is in the model, before anything starts.</summary>
public sealed class ModelTests : IAsyncDisposable
{
    private DistributedApplication? _application;
    private readonly IDistributedApplicationBuilder _builder =
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    [Fact]
    public async Task The_connection_string_spells_the_host_as_an_address_and_carries_the_well_known_key()
    {
        var emulator = _builder.AddCosmosEmulator("cosmos", 8081);
        (await ConnectionString(emulator)).ShouldBe("AccountEndpoint=http://127.0.0.1:8081/;AccountKey="
            + "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==");
    }

    [Fact]
    public async Task The_key_can_be_a_parameter_and_does_not_stand_on_the_command_line()
    {
        var key = _builder.AddParameter("key", "c2VjcmV0", secret: true);
        var emulator = _builder.AddCosmosEmulator("cosmos", 8081).WithKey(key);
        (await ConnectionString(emulator)).ShouldEndWith(";AccountKey=c2VjcmV0");
        (await Arguments(emulator)).ShouldNotContain("c2VjcmV0");
        (await ConfigurationAsync(emulator.Resource)).EnvironmentVariables
            .ShouldContain(new KeyValuePair<string, string>("EMULATOR__KEY", "c2VjcmV0"));
    }

    [Fact]
    public async Task A_reference_gives_the_connection_string_under_the_name_of_the_resource()
    {
        var emulator = _builder.AddCosmosEmulator("cosmos", 8081);
        var service = _builder.AddExecutable("service", "true", ".").WithReference(emulator).WaitFor(emulator);
        Allocate(emulator);
        var environment = (await ConfigurationAsync(service.Resource)).EnvironmentVariables.ToDictionary();
        environment["ConnectionStrings__cosmos"].ShouldStartWith("AccountEndpoint=http://127.0.0.1:8081/;");
    }

    [Fact]
    public async Task Without_options_it_keeps_nothing()
    {
        var emulator = _builder.AddCosmosEmulator("cosmos", 8081);
        (await Arguments(emulator)).ShouldBe(["exec", emulator.Resource.Program, "--host", "127.0.0.1", "--port", "8081", "--in-memory"]);
        File.Exists(emulator.Resource.Program).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_option_reaches_the_command_line()
    {
        var emulator = _builder.AddCosmosEmulator("cosmos", 8081)
            .WithDataDirectory("data").WithPartitions(2).WithThroughputLimit(400)
            .WithLatency(TimeSpan.FromMilliseconds(20)).WithMaxDataSize(64);
        var data = Path.Combine(_builder.AppHostDirectory, "data");
        (await Arguments(emulator)).Skip(6).ShouldBe(
            ["--data", data, "--partitions", "2", "--throttle", "400", "--latency", "20", "--max-megabytes", "64"]);
    }

    [Fact]
    public async Task Regions_have_ports_of_their_own()
    {
        var emulator = _builder.AddCosmosEmulator("cosmos", 8081).WithRegions("west", "North Europe").WithReplicationLag(TimeSpan.FromSeconds(2));
        var ports = emulator.Resource.Annotations.OfType<EndpointAnnotation>().Skip(1).Select(endpoint => endpoint.Port!.Value).ToList();
        ports.Distinct().Count().ShouldBe(2);
        (await Arguments(emulator)).Skip(7).ShouldBe(
            ["--regions", "west,North Europe", "--region-ports", $"{ports[0]},{ports[1]}", "--replication-lag", "2000"]);
    }

    [Theory]
    [InlineData("west")]
    [InlineData("west,West")]
    public void Regions_that_are_none_are_refused(string names) =>
        Should.Throw<ArgumentException>(() => _builder.AddCosmosEmulator("cosmos").WithRegions(names.Split(',')))
            .Message.ShouldStartWith($"The regions are '{names}'; they must be 2 to 8 different names.");

    [Fact]
    public void It_listens_without_a_proxy_is_checked_for_health_and_is_not_deployed()
    {
        var emulator = _builder.AddCosmosEmulator("cosmos").Resource;
        var endpoint = emulator.Annotations.OfType<EndpointAnnotation>().Single();
        endpoint.IsProxied.ShouldBeFalse();
        endpoint.Port.ShouldNotBeNull().ShouldBeGreaterThan(0);
        endpoint.TargetHost.ShouldBe("127.0.0.1");
        emulator.Annotations.OfType<HealthCheckAnnotation>().Count().ShouldBe(1);
        emulator.IsExcludedFromPublish().ShouldBeTrue();
    }

    [Fact]
    public void What_changes_something_for_good_asks_first()
    {
        var commands = _builder.AddCosmosEmulator("cosmos").Resource.Annotations.OfType<ResourceCommandAnnotation>().ToList();
        commands.Select(command => command.Name)
            .ShouldBe(["split-partition", "limit-throughput", "inject-faults", "heal", "reset-data"], ignoreOrder: true);
        commands.Where(command => command.ConfirmationMessage is not null).Select(command => command.Name)
            .ShouldBe(["split-partition", "reset-data"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("port", 0)]
    [InlineData("port", 65536)]
    [InlineData("count", 0)]
    [InlineData("count", 1001)]
    [InlineData("requestUnitsPerSecond", 0)]
    [InlineData("megabytes", 0)]
    [InlineData("latency", -1)]
    [InlineData("latency", 60_001)]
    public void A_bad_number_is_refused_by_the_name_of_its_parameter(string parameter, int value)
    {
        Action add = parameter switch
        {
            "port" => () => _builder.AddCosmosEmulator("cosmos", value),
            "count" => () => _builder.AddCosmosEmulator("cosmos").WithPartitions(value),
            "requestUnitsPerSecond" => () => _builder.AddCosmosEmulator("cosmos").WithThroughputLimit(value),
            "megabytes" => () => _builder.AddCosmosEmulator("cosmos").WithMaxDataSize(value),
            "latency" => () => _builder.AddCosmosEmulator("cosmos").WithLatency(TimeSpan.FromMilliseconds(value)),
            _ => throw new ArgumentOutOfRangeException(nameof(parameter)),
        };
        var exception = Should.Throw<ArgumentOutOfRangeException>(add);
        exception.ParamName.ShouldBe(parameter);
        exception.Message.ShouldStartWith("It must be from ");
    }

    [Fact]
    public void A_data_directory_that_is_a_file_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "file");
        File.WriteAllText(file, "");
        Should.Throw<ArgumentException>(() => _builder.AddCosmosEmulator("cosmos").WithDataDirectory(file))
            .Message.ShouldBe($"'{file}' is a file; the data of the emulator needs a directory. (Parameter 'path')");
        Should.Throw<ArgumentException>(() => _builder.AddCosmosEmulator("other").WithDataDirectory(" ")).ParamName.ShouldBe("path");
    }

    [Fact]
    public void Missing_files_of_the_emulator_are_told_with_the_place_they_were_looked_for()
    {
        using var directory = new TemporaryDirectory();
        Should.Throw<DistributedApplicationException>(() => EmulatorProgram.Find(directory.Path)).Message.ShouldStartWith(
            $"The Cosmos emulator is not at {Path.Combine(directory.Path, "cosmos-emulator", "ChangeFeed.Emulator.dll")}.");
    }

    private static async Task<string?> ConnectionString(IResourceBuilder<CosmosEmulatorResource> emulator)
    {
        Allocate(emulator);
        return await emulator.Resource.ConnectionStringExpression.GetValueAsync(default);
    }

    private async Task<string[]> Arguments(IResourceBuilder<CosmosEmulatorResource> emulator)
    {
        Allocate(emulator);
        return [.. (await ConfigurationAsync(emulator.Resource)).Arguments.Select(argument => argument.Value)];
    }

    private Task<IExecutionConfigurationResult> ConfigurationAsync(IResource resource)
    {
        _application ??= _builder.Build();
        return ExecutionConfigurationBuilder.Create(resource).WithArgumentsConfig().WithEnvironmentVariablesConfig()
            .BuildAsync(_builder.ExecutionContext);
    }

    private static void Allocate(IResourceBuilder<CosmosEmulatorResource> emulator)
    {
        foreach (var endpoint in emulator.Resource.Annotations.OfType<EndpointAnnotation>())
            endpoint.AllocatedEndpoint ??= new AllocatedEndpoint(endpoint, "127.0.0.1", endpoint.Port!.Value);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
    }
}
