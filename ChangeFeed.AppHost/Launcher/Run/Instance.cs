using Aspire.Hosting.ApplicationModel;

namespace OrderPipeline.AppHost.Launcher;

enum InstanceState { Waiting, Starting, Healthy, Exited, Stopped }

/// <summary>One process of a project.</summary>
sealed class Instance(ProjectResource project, string name, int? port)
{
    public ProjectResource Project => project;
    public string Name => name;
    public int? Port => port;
    public string? Url => port is null ? null : $"http://localhost:{port}";
    public InstanceState State { get; set; }
    public int? Pid { get; set; }
    public int? ExitCode { get; set; }
}
