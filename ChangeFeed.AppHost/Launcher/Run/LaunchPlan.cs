using Aspire.Hosting.ApplicationModel;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>Which processes run, on which ports, and in which order they start and stop.</summary>
sealed class LaunchPlan
{
    readonly ILookup<ProjectResource, Instance> _byProject;

    public LaunchPlan(IReadOnlyList<ProjectResource> projects, Func<int> takePort)
    {
        Levels = LevelsOf(projects);
        Instances = [.. Levels.SelectMany(level => level).SelectMany(project => InstancesOf(project, takePort))];
        _byProject = Instances.ToLookup(i => i.Project);
    }

    /// <summary>Each level waits only for levels before it.</summary>
    public IReadOnlyList<IReadOnlyList<ProjectResource>> Levels { get; }

    /// <summary>In the order of their levels.</summary>
    public IReadOnlyList<Instance> Instances { get; }

    public IEnumerable<Instance> Of(ProjectResource project) => _byProject[project];

    static List<List<ProjectResource>> LevelsOf(IReadOnlyList<ProjectResource> projects)
    {
        var levels = new List<List<ProjectResource>>();
        var placed = new HashSet<ProjectResource>();
        while (placed.Count < projects.Count)
        {
            var level = projects.Where(p => !placed.Contains(p) && p.WaitsFor.All(placed.Contains)).ToList();
            if (level.Count == 0)
                throw new LaunchException($"Nothing can start: {string.Join(", ", projects.Where(p => !placed.Contains(p)).Select(p => p.Name))} wait for each other.");
            levels.Add(level);
            placed.UnionWith(level);
        }

        return levels;
    }

    static IEnumerable<Instance> InstancesOf(ProjectResource project, Func<int> takePort)
    {
        if (project.Replicas > 1 && project.Endpoint?.Port is { } fixedPort)
            throw new LaunchException($"{project.Name} has the fixed port {fixedPort} and can run only once, not {project.Replicas} times.");
        for (var n = 1; n <= project.Replicas; n++)
            yield return new Instance(
                project,
                project.Replicas == 1 ? project.Name : $"{project.Name}-{n}",
                project.Endpoint is { } endpoint ? endpoint.Port ?? takePort() : null);
    }
}
