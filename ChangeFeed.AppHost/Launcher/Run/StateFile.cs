using System.Text.Json;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>What runs where, for tests and tools: <c>apphost.json</c> in the data directory, always whole, gone after a clean stop.</summary>
sealed class StateFile(string directory)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    readonly string _path = Path.Combine(directory, "apphost.json");

    /// <returns>Why it could not be written, which must not keep anything from starting or stopping.</returns>
    public string? Write(string state, IEnumerable<Instance> instances)
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
        try
        {
            File.WriteAllText(_path + ".new", JsonSerializer.Serialize(content, Json));
            File.Move(_path + ".new", _path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{_path} cannot be written: {e.Message}";
        }
    }

    public void Delete()
    {
        if (File.Exists(_path)) File.Delete(_path);
    }
}
