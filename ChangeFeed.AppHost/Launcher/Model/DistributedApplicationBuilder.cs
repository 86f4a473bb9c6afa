using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    public DistributedApplicationBuilder(string[] args)
    {
        Configuration.SetBasePath(AppHostDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile("appsettings.Development.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args);
    }

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory { get; } = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == "apphostprojectpath")?.Value ?? AppContext.BaseDirectory;

    public List<ProjectResource> Projects { get; } = [];

    public IResourceBuilder<ProjectResource> Add(ProjectResource project)
    {
        if (Projects.Any(p => p.Name.Equals(project.Name, StringComparison.OrdinalIgnoreCase)))
            throw new ArgumentException($"There are two resources named '{project.Name}': give each its own name.");
        Projects.Add(project);
        return new ResourceBuilder<ProjectResource>(this, project, project.Annotations);
    }

    public DistributedApplication Build() => new(Projects, Configuration, AppHostDirectory);
}
