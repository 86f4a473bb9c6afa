using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Testing;

namespace ChangeFeed.AppHost.Tests;

/// <summary>docker-compose.yml and the app host describe the same system.</summary>
public sealed class ComposeFileTests
{
    private static readonly ComposeFile Compose = ComposeFile.Read();

    [Fact]
    public async Task Every_resource_of_the_app_host_is_a_service_and_is_published_by_the_Dockerfile()
    {
        var resources = await ResourcesAsync();
        Compose.Services.Keys.Order().ShouldBe(resources.Select(resource => resource.Name).Order());

        var published = Regex.Match(File.ReadAllText(Path.Combine(RunningPipeline.RepositoryRoot, "Dockerfile")), "for project in (.*); do")
            .Groups[1].Value.Split(' ').Order();
        Compose.Services.Values.Select(service => service.Build.Project).Order().ShouldBe(published);
    }

    [Fact]
    public void Every_service_starts_after_the_healthy_store_and_has_a_health_check()
    {
        foreach (var (name, service) in Compose.Services)
        {
            service.Healthcheck.Test.ShouldNotBeEmpty(name);
            if (name == "cosmos") continue;
            service.DependsOn["cosmos"].Condition.ShouldBe("service_healthy", name);
            service.Environment["ConnectionStrings__cosmos"]!
                .ShouldStartWith("AccountEndpoint=http://cosmos:8081/;AccountKey=", customMessage: name);
        }
    }

    [Fact]
    public async Task What_the_app_host_sets_for_a_service_the_compose_file_sets_too()
    {
        foreach (var resource in (await ResourcesAsync()).OfType<ProjectResource>())
        {
            var settings = (await SettingsOfAsync(resource)).ToList();
            settings.ShouldNotBeEmpty(resource.Name);
            settings.ShouldBeSubsetOf(Compose.Services[resource.Name].Environment.Keys, resource.Name);
        }
    }

    [Fact]
    public void Ports_are_open_on_this_machine_only() =>
        Compose.Services.Values.SelectMany(s => s.Ports).ShouldAllBe(port => port.StartsWith("127.0.0.1:"));

    private static async Task<IReadOnlyList<IResource>> ResourcesAsync()
    {
        using var data = new TemporaryDirectory();
        await using var application = await PipelineApplication.BuildAsync(
            data.Path, [], new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        return [.. application.Services()];
    }

    // Names of the services' own settings, as against what Aspire tells every process.
    private static async Task<IEnumerable<string>> SettingsOfAsync(ProjectResource resource)
    {
        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run), resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables.Keys
            .Where(name => name.Contains("__", StringComparison.Ordinal) && char.IsAsciiLetterUpper(name[0]))
            .Where(name => !name.StartsWith("LOGGING__", StringComparison.Ordinal));
    }
}
