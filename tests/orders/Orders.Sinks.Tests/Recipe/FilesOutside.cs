using System.Text.Json;
using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using Orders.Cache;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Sinks.Tests.Support;

namespace Orders.Sinks.Tests.Recipe;

/// <summary>The directory of files as the suite needs to know it.</summary>
internal sealed class FilesOutside() : OrdersOutside<OrderStatusDocument>(new OrderCacheProjection())
{
    private readonly TemporaryDirectory _directory = new();
    private FileStream? _taken;

    // begin
    public override Sink Define(Trouble trouble, SinkOptions options, int generation) => Sink.OfDocuments(
        new OrderCacheProjection(),
        _ => trouble.Around(new OrderFiles(DirectoryOf(generation)), document => document.Key),
        options,
        e => e.Data is PersonalDataErased,
        generation);

    public override Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation)
    {
        Directory.CreateDirectory(DirectoryOf(generation));
        var orders = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(DirectoryOf(generation), "*.json"))
        {
            using var stored = JsonDocument.Parse(File.ReadAllBytes(file));
            if (stored.RootElement.GetProperty("order") is { ValueKind: not JsonValueKind.Null } order)
                orders[Path.GetFileNameWithoutExtension(file)] = order.GetRawText();
        }

        return Task.FromResult<IReadOnlyDictionary<string, string>>(orders);
    }

    public override Task TakeDownAsync()
    {
        _taken = new FileStream(Path.Combine(DirectoryOf(1), "turn"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        return Task.CompletedTask;
    }

    public override Task BringBackAsync()
    {
        _taken?.Dispose();
        return Task.CompletedTask;
    }
    // end

    public override ValueTask DisposeAsync()
    {
        _taken?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private string DirectoryOf(int generation) => Path.Combine(_directory.Path, $"{generation}");
}
