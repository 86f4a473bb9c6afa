using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Deployment.Tests;

/// <summary>What deploy/azure describes, by the real compiler. Nothing is deployed.</summary>
public sealed class BicepTests
{
    private static string Bicep => typeof(BicepTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Bicep").Value!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_compiles_and_the_linter_has_nothing_to_say()
    {
        var (exitCode, template, messages) = await RunAsync("build", Repository.File("deploy/azure/main.bicep"), "--stdout");

        (exitCode, messages).ShouldBe((0, ""));
        JsonNode.Parse(template)!["resources"].ShouldNotBeNull();
    }

    /// <summary>The same services as in containers, each with the settings it has there; the keys are not there, because nothing has one.</summary>
    [Fact]
    public async Task Every_service_is_deployed_with_the_settings_it_has_in_the_compose_file()
    {
        var (_, compiled, _) = await RunAsync("build", Repository.File("deploy/azure/system.bicep"), "--stdout");
        var services = JsonNode.Parse(compiled)!["variables"]!.AsObject();
        var text = await File.ReadAllTextAsync(Repository.File("deploy/azure/system.bicep"), Stop);

        services.ShouldNotBeEmpty();
        foreach (var (name, service) in ComposeFile.Read().OfOrders)
        {
            text.ShouldContain($"name: '{name}'");
            foreach (var setting in service.Environment.Keys.Except(Elsewhere))
                text.ShouldContain(setting, customMessage: name);
        }
    }

    // Given by service.bicep, or to embedded stores and to machines with keys only.
    private static readonly string[] Elsewhere =
    [
        "ASPNETCORE_HTTP_PORTS", "OTEL_EXPORTER_OTLP_ENDPOINT", "Cosmos__VersionRetention", "OrdersApi__Key", "CustomerCare__Key",
    ];

    private static async Task<(int ExitCode, string Output, string Messages)> RunAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Bicep), "The Bicep compiler is restored on Linux x64 only.");
        using var compiler = Process.Start(new ProcessStartInfo(Bicep, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var messages = compiler.StandardError.ReadToEndAsync(Stop);
        var output = await compiler.StandardOutput.ReadToEndAsync(Stop);
        await compiler.WaitForExitAsync(Stop);
        return (compiler.ExitCode, output, await messages);
    }
}
