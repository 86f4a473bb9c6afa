using System.Text.Json;
using System.Text.Json.Serialization;
using Bench.Harness;

namespace Bench.Scale;

/// <summary>What was measured, part by part: what the tables and charts are made of.</summary>
internal sealed record ScaleResults
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Part<GridCell>? Grid { get; init; }

    public Part<FilledCell>? Filled { get; init; }

    public Part<HotCell>? Hot { get; init; }

    public Part<LongCell>? Long { get; init; }

    /// <summary>What is in a file; nothing where there is none.</summary>
    public static ScaleResults Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<ScaleResults>(File.ReadAllText(file), Json)! : new ScaleResults();
        }
        catch (JsonException e)
        {
            throw new BenchException($"'{file}' is not a results file of this bench: {e.Message}");
        }
    }

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Json));
}

/// <summary>One part, and what it was measured on.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Build">Configuration the services were built in.</param>
/// <param name="Processor">The processors.</param>
/// <param name="LoadBefore">Load average of the minute before: above nothing, others were computing too.</param>
/// <param name="Cells">The measurements.</param>
internal sealed record Part<TCell>(DateTimeOffset At, string Build, string Processor, double LoadBefore, IReadOnlyList<TCell> Cells);

/// <summary>Partitions and instances.</summary>
/// <param name="Partitions">Physical partitions of the containers that grow.</param>
/// <param name="Instances">Processes of each worker.</param>
/// <param name="AtWork">Of the processes of a worker, how many owned a lease at the end; the mean of the workers.</param>
/// <param name="Load">The orders.</param>
internal sealed record GridCell(int Partitions, int Instances, double AtWork, OrderLoad Load);

/// <summary>Orders that are there already.</summary>
/// <param name="Stored">How many.</param>
/// <param name="Fill">How they came in; null where none did.</param>
/// <param name="StoreStartSeconds">From the start of the store's process until it says that it is healthy.</param>
/// <param name="SystemStartSeconds">From the start of everything until everything is healthy.</param>
/// <param name="PointReadMs">Median of reading one event.</param>
/// <param name="StreamReadMs">Median of reading one stream.</param>
/// <param name="Megabytes">Size of the data file.</param>
/// <param name="StoreMegabytes">Resident memory of the store after the orders.</param>
/// <param name="Load">Orders that come on top.</param>
internal sealed record FilledCell(
    int Stored, Fill? Fill, double StoreStartSeconds, double SystemStartSeconds, double? PointReadMs, double? StreamReadMs, double Megabytes,
    double StoreMegabytes, OrderLoad Load);

/// <summary>How a store was filled.</summary>
/// <param name="Orders">How many orders.</param>
/// <param name="Seconds">How long writing their events took.</param>
/// <param name="Rebuilds">Building each view from them.</param>
internal sealed record Fill(int Orders, double Seconds, IReadOnlyDictionary<string, Rebuild> Rebuilds);

/// <summary>How a view was built.</summary>
/// <param name="Events">From how many events.</param>
/// <param name="BuildSeconds">From the first read to the last write.</param>
/// <param name="CommandSeconds">The whole command: it also waits for readers and writers, compares and switches.</param>
internal sealed record Rebuild(int Events, double BuildSeconds, double CommandSeconds);

/// <summary>Orders of one customer or of many.</summary>
internal sealed record HotCell(string Customers, OrderLoad Load);

/// <summary>What is done to a stream.</summary>
/// <param name="Events">How long it is.</param>
/// <param name="What">What is done.</param>
/// <param name="P50Ms">Median of how long that takes.</param>
/// <param name="P99Ms">And its worst hundredth.</param>
/// <param name="Units">Request units each time.</param>
internal sealed record LongCell(int Events, string What, double P50Ms, double P99Ms, double Units);
