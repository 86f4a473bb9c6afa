using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>How a project is added and how often it runs.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the build of the app host has built.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        configure(new ProjectResourceOptions());
        return ((DistributedApplicationBuilder)builder).Add(new ProjectResource(name, new TProject()));
    }

    /// <summary>Runs several processes of the project, each on a port of its own: nothing here shares one port among them.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        builder.Resource.Replicas = replicas;
        return builder;
    }
}

/// <summary>Launch profiles belong to an editor: the launcher reads none, so there is nothing but excluding them.</summary>
public sealed class ProjectResourceOptions
{
    /// <summary>Set to say so; the launcher behaves so in any case.</summary>
    public bool ExcludeLaunchProfile { get; set; } = true;
}
