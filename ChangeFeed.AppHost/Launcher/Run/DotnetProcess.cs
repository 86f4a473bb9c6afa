using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>How a built project is started.</summary>
static class DotnetProcess
{
    const string StartupHooks = "DOTNET_STARTUP_HOOKS";

    // The runtime that runs the launcher also runs what it starts, wherever it is installed.
    static readonly string Host = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    public static ProcessStartInfo Of(Instance instance, IReadOnlyDictionary<string, string> environment)
    {
        var project = instance.Project.Project;
        if (!File.Exists(project.AssemblyPath))
            throw new LaunchException($"{instance.Name} cannot start: {project.AssemblyPath} does not exist; build the solution first.");
        var start = new ProcessStartInfo(Host, [project.AssemblyPath, .. instance.Project.Arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(project.ProjectPath),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment[StartupHooks] = Environment.GetEnvironmentVariable(StartupHooks) is { Length: > 0 } others
            ? $"{typeof(StartupHook).Assembly.Location}{Path.PathSeparator}{others}"
            : typeof(StartupHook).Assembly.Location;
        return start;
    }
}
