using System.Text.Json;
using ChangeFeed.Sinks;
using Orders.ReadModels;

namespace Orders.Sinks.Tests.Recipe;

/// <summary>Keeps a file for each order.</summary>
public sealed class OrderFiles(string directory) : ISink<SinkDocument<OrderStatusDocument>>
{
    public Task WriteAsync(IReadOnlyList<SinkDocument<OrderStatusDocument>> batch, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(directory);
            // Two instances take turns: what is looked at here is what is written over.
            using var turn = new FileStream(Path.Combine(directory, "turn"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            foreach (var document in batch.Where(document => document.Version > VersionOf(document.Key)))
                Write(document);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SinkUnavailableException($"Directory {directory} cannot be written: {e.Message}", e);
        }
    }

    private string FileOf(string key) => Path.Combine(directory, $"{key}.json");

    private long VersionOf(string key)
    {
        if (!File.Exists(FileOf(key)))
            return -1;
        using var stored = JsonDocument.Parse(File.ReadAllBytes(FileOf(key)));
        return stored.RootElement.GetProperty("version").GetInt64();
    }

    // An order that is gone keeps its version. A file that is half written never has the name of an order.
    private void Write(SinkDocument<OrderStatusDocument> document)
    {
        var order = document.Document is { } there ? JsonSerializer.Serialize(there, ReadModelsJson.Default.OrderStatusDocument) : "null";
        var temporary = FileOf(document.Key) + ".new";
        File.WriteAllText(temporary, $$"""{"version":{{document.Version}},"order":{{order}}}""");
        File.Move(temporary, FileOf(document.Key), overwrite: true);
    }
}
