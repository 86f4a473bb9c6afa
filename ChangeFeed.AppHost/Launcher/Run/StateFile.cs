using System.Text.Json;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>What runs where, for tests and tools: <c>apphost.json</c> in the data directory, always whole, gone after a clean stop.</summary>
sealed class StateFile(string directory)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    readonly Lock _lock = new();
    readonly string _path = Path.Combine(directory, "apphost.json");

    public void Write(string state, IEnumerable<Instance> instances)
    {
        lock (_lock)
        {
            var content = new
            {
                Pid = Environment.ProcessId,
                State = state,
                Resources = instances.Select(i => new
                {
                    i.Name,
                    Resource = i.Project.Name,
                    i.Url,
                    i.Pid,
                    State = i.State.ToString().ToLowerInvariant(),
                    i.ExitCode,
                    LeasePrefix = SummaryTable.LeasePrefixOf(i),
                }),
            };
            File.WriteAllText(_path + ".new", JsonSerializer.Serialize(content, Json));
            File.Move(_path + ".new", _path, overwrite: true);
        }
    }

    public void Delete()
    {
        lock (_lock) File.Delete(_path);
    }
}
