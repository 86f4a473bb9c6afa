using System.Text.Json;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>Writes every document that can be read as a line of JSON, one file per container.</summary>
internal static class Export
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Returns whether everything could be read; says per container what was written.</summary>
    public static bool Run(string dataFile, string output, long now, Action<string> say)
    {
        using var salvage = new Salvage(dataFile);
        Files.CreateDirectory(output);
        var whole = Losses.Commits(salvage, say);
        foreach (var container in salvage.Catalogue.Containers)
        {
            var count = new SalvageCount();
            var path = Path.Combine(
                output, $"{Uri.EscapeDataString(container.Database.Id)}.{Uri.EscapeDataString(container.Id)}.jsonl");
            using (var file = Create(path))
            using (var lines = new BufferedStream(file, 1 << 16))
                foreach (var item in salvage.Items(container, count))
                {
                    if (item.IsExpired(container.Definition, now))
                        continue;
                    lines.Write(Line(item.Body));
                    lines.Write(NewLine);
                }
            whole &= Losses.Items(salvage, container, count, say);
        }
        return whole;
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new(path, Files.OwnersOnly(FileMode.CreateNew, FileAccess.Write, FileShare.Read));
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new EmulatorStartException($"{path} exists already; choose an empty directory with --output.", exception);
        }
    }

    /// <summary>Documents are kept as they were sent, which may be over several lines.</summary>
    private static ReadOnlySpan<byte> Line(byte[] body)
    {
        if (body.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0)
            return body;
        using var document = JsonDocument.Parse(body, new() { MaxDepth = 256 });
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            document.RootElement.WriteTo(writer);
        return buffer.ToArray();
    }
}
