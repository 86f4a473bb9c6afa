using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using OrderPipeline.AppHost.Launcher;

namespace Aspire.Hosting;

/// <summary>The processes of the application and how to run them.</summary>
public sealed class DistributedApplication
{
    readonly IReadOnlyList<ProjectResource> _projects;
    readonly IConfiguration _configuration;
    readonly string _appHostDirectory;

    internal DistributedApplication(IReadOnlyList<ProjectResource> projects, IConfiguration configuration, string appHostDirectory)
    {
        _projects = projects;
        _configuration = configuration;
        _appHostDirectory = appHostDirectory;
    }

    /// <summary>Starts describing an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Starts everything and returns when all of it has been stopped; the process's exit code says how it went.</summary>
    public void Run() =>
        Environment.ExitCode = Launch.RunAsync(_projects, () => LauncherSettings.From(_configuration, _appHostDirectory)).GetAwaiter().GetResult();
}
