using System.Text.RegularExpressions;

namespace OrderPipeline.AppHost.Tests;

/// <summary>docker-compose.yml and the app host describe the same system.</summary>
public sealed class ComposeFileTests
{
    static readonly ComposeFile Compose = ComposeFile.Read();

    [Fact]
    public void Every_project_of_the_app_host_is_a_service_and_is_published_by_the_Dockerfile()
    {
        var projects = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "ChangeFeed.AppHost", "ChangeFeed.AppHost.csproj")), @"<ProjectReference Include=""\.\./src/([^/]+)/").Select(m => m.Groups[1].Value).Order();
        Compose.Services.Values.Select(s => s.Build.Project).Order().ShouldBe(projects);

        var published = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")), "for project in (.*); do").Groups[1].Value.Split(' ').Order();
        published.ShouldBe(projects);
    }

    [Fact]
    public void Every_service_starts_after_the_healthy_store_and_has_a_health_check()
    {
        foreach (var (name, service) in Compose.Services)
        {
            service.Healthcheck.Test.ShouldNotBeEmpty(name);
            if (name == "cosmos") continue;
            service.DependsOn["cosmos"].Condition.ShouldBe("service_healthy", name);
            service.Environment["ConnectionStrings__cosmos"]!.ShouldStartWith("AccountEndpoint=http://cosmos:8081/;AccountKey=", customMessage: name);
        }
    }

    [Fact]
    public void What_the_app_host_sets_for_a_service_the_compose_file_sets_too()
    {
        var appHost = File.ReadAllText(Path.Combine(Repository.Root, "ChangeFeed.AppHost", "AppHost.cs")) + File.ReadAllText(Path.Combine(Repository.Root, "ChangeFeed.AppHost", "Topology.cs"));
        var names = Regex.Matches(appHost, "WithEnvironment\\(\"(\\w+)\"").Select(m => m.Groups[1].Value).ToList();
        names.ShouldNotBeEmpty();
        names.ShouldBeSubsetOf(Compose.Services.Values.SelectMany(s => s.Environment.Keys));
    }

    [Fact]
    public void Ports_are_open_on_this_machine_only() =>
        Compose.Services.Values.SelectMany(s => s.Ports).ShouldAllBe(port => port.StartsWith("127.0.0.1:"));
}
