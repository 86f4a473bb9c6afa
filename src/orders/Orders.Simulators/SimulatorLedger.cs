using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orders.Hosting.Files;

namespace Orders.Simulators;

/// <summary>
/// What a simulated outside system remembers: one JSON file per idempotency key. The first entry of a key stands for ever, whichever
/// instance or process wrote it, so that the files tell what really happened and how often.
/// </summary>
/// <param name="directory">Where the files are; created when missing.</param>
/// <param name="json">Metadata of an entry.</param>
public sealed class SimulatorLedger<T>(string directory, JsonTypeInfo<T> json)
    where T : class
{
    private readonly string _directory = Directory.CreateDirectory(directory).FullName;

    /// <summary>Writes an entry, unless there is one.</summary>
    /// <returns>The entry that stands: this one, or the one that was first.</returns>
    public T Record(string key, T entry) =>
        AtomicFile.TryCreate(PathOf(key), JsonSerializer.SerializeToUtf8Bytes(entry, json))
            ? entry
            : Find(key) ?? throw new IOException($"'{PathOf(key)}' was there and is gone; the simulators' files must not be deleted while they run.");

    /// <summary>The entry of a key; null when there is none.</summary>
    public T? Find(string key)
    {
        var path = PathOf(key);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), json) : null;
    }

    private string PathOf(string key) =>
        key.Length is > 0 and <= 200 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? Path.Combine(_directory, key + ".json")
            : throw new ArgumentException($"'{key}' is not an idempotency key: 1 to 200 ASCII letters, digits, - and _.", nameof(key));
}
