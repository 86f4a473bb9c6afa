namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project that runs as one process, or as several replicas.</summary>
public sealed class ProjectResource(string name, IProjectMetadata project) : IResource
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    internal IProjectMetadata Project { get; } = project;
    internal int Replicas { get; set; } = 1;
    internal HttpEndpoint? Endpoint { get; set; }
    internal string? HealthPath { get; set; }
    internal List<string> Arguments { get; } = [];
    internal Dictionary<string, string> Environment { get; } = [];
    internal List<ProjectResource> References { get; } = [];
    internal List<ProjectResource> WaitsFor { get; } = [];
    internal List<IResourceAnnotation> Annotations { get; } = [];
}

/// <summary>Where a project listens; without a port each replica gets one of its own.</summary>
sealed record HttpEndpoint(int? Port);
