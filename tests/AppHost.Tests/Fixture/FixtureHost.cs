using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderPipeline.AppHost;

/// <summary>
/// Arguments before "--" are the launcher's own, each one after it describes a resource: name;option;option=value.
/// Options: waits=NAME, references=NAME, replicas=N, port=N, prefix=TEXT; all others are the service's, see <see cref="FixtureService"/>.
/// </summary>
static class FixtureHost
{
    public static void Run(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder([.. args.TakeWhile(a => a != "--")]);
        var resources = new Dictionary<string, IResourceBuilder<ProjectResource>>();
        foreach (var description in args.SkipWhile(a => a != "--").Skip(1))
        {
            var parts = description.Split(';');
            var resource = resources[parts[0]] = builder.AddProject<Self>(parts[0], o => o.ExcludeLaunchProfile = true)
                .WithHttpEndpoint().WithHttpHealthCheck("/health").WithArgs("service", parts[0]);
            foreach (var option in parts.Skip(1)) Apply(resource, option.Split('='), resources);
        }

        builder.Build().Run();
    }

    static void Apply(IResourceBuilder<ProjectResource> resource, string[] option, Dictionary<string, IResourceBuilder<ProjectResource>> others) => _ = option switch
    {
        ["waits", var other] => resource.WaitFor(others[other]),
        ["references", var other] => resource.WithReference(others[other]),
        ["replicas", var n] => resource.WithReplicas(int.Parse(n, CultureInfo.InvariantCulture)),
        ["port", var port] => resource.WithHttpEndpoint(port: int.Parse(port, CultureInfo.InvariantCulture), isProxied: false),
        ["prefix", var prefix] => resource.WithAnnotation(new LeasePrefixAnnotation(prefix)),
        _ => resource.WithArgs(string.Join('=', option)),
    };
}

/// <summary>This very program, as a project to launch.</summary>
sealed class Self : IProjectMetadata
{
    public string ProjectPath => AssemblyPath;
    public string AssemblyPath => typeof(Self).Assembly.Location;
}
