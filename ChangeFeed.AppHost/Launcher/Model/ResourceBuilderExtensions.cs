using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>What a process is wired to.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>A connection string taken from the configuration, <c>ConnectionStrings:name</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddConnectionString(name, ReferenceExpression.Create(builder.Configuration.GetConnectionString(name)
            ?? throw new InvalidOperationException($"The connection string '{name}' is missing: set ConnectionStrings:{name}.")));

    /// <summary>A connection string made here.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        new ResourceBuilder<ConnectionStringResource>(builder, new ConnectionStringResource(name, connectionStringExpression.Value), []);

    /// <summary>Lets the project listen, on the given port or on a free one.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="port">The port; none for a free one.</param>
    /// <param name="isProxied">No: the launcher puts no proxy before a process, so what is asked for is the process's own port.</param>
    public static IResourceBuilder<ProjectResource> WithHttpEndpoint(
        this IResourceBuilder<ProjectResource> builder, int? port = null, bool? isProxied = null)
    {
        if (port is not null && isProxied is not false)
            throw new NotSupportedException($"'{builder.Resource.Name}' asks for a proxy on port {port}: the launcher has none, say isProxied: false.");
        builder.Resource.Endpoint = new HttpEndpoint(port);
        return builder;
    }

    /// <summary>The project is healthy when it answers a GET of the path with success.</summary>
    public static IResourceBuilder<ProjectResource> WithHttpHealthCheck(this IResourceBuilder<ProjectResource> builder, string path)
    {
        builder.Resource.HealthPath = path;
        return builder;
    }

    /// <summary>Hands the connection string over as <c>ConnectionStrings__name</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithReference(
        this IResourceBuilder<ProjectResource> builder, IResourceBuilder<IResourceWithConnectionString> source) =>
        builder.WithEnvironment($"ConnectionStrings__{source.Resource.Name}", source.Resource.ConnectionString);

    /// <summary>Hands the other project's URL over as <c>services__name__http__0</c> and <c>NAME_HTTP</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithReference(this IResourceBuilder<ProjectResource> builder, IResourceBuilder<ProjectResource> source)
    {
        builder.Resource.References.Add(source.Resource);
        return builder;
    }

    /// <summary>Starts the project only when all replicas of the other are healthy.</summary>
    public static IResourceBuilder<ProjectResource> WaitFor(this IResourceBuilder<ProjectResource> builder, IResourceBuilder<ProjectResource> dependency)
    {
        builder.Resource.WaitsFor.Add(dependency.Resource);
        return builder;
    }

    /// <summary>Sets an environment variable of the process.</summary>
    public static IResourceBuilder<ProjectResource> WithEnvironment(this IResourceBuilder<ProjectResource> builder, string name, string? value)
    {
        builder.Resource.Environment[name] = value ?? "";
        return builder;
    }

    /// <summary>Adds command line arguments.</summary>
    public static IResourceBuilder<ProjectResource> WithArgs(this IResourceBuilder<ProjectResource> builder, params object[] args)
    {
        builder.Resource.Arguments.AddRange(args.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture) ?? ""));
        return builder;
    }
}
