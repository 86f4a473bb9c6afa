using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bench.Harness;

/// <summary>Collects the rows of a run, prints them as tables, writes them as JSON.</summary>
internal sealed class Report(string name, BenchOptions options, WorkDirectory directory)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Measurement> _rows = [];
    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();
    private readonly double _loadBefore = Machine.LoadAverage;

    public IEnumerable<Measurement> Missed => _rows.Where(r => r.Goal is { Missed: true });

    public void PrintEnvironment()
    {
        Console.WriteLine($"bench {name}{(options.Quick ? " --quick" : "")}, {_started:yyyy-MM-dd HH:mm} UTC");
        Console.WriteLine($"  {Machine.Processor}");
        Console.WriteLine($"  {Machine.System}");
        Console.WriteLine($"  data on {directory.Format} at {directory.Path}; load average {_loadBefore:0.0} before the run");
        Console.WriteLine("  Times drift with the machine: read the ratios, each taken against its floor in the same minute.");
        Console.WriteLine();
    }

    public void Add(IReadOnlyList<Measurement> rows)
    {
        _rows.AddRange(rows);
        Table.Print(
            ["figure", "subject", "p50", "p99", "rate", "ratio", "goal", ""],
            rows.Select(r => new[]
            {
                r.Figure, r.Subject, Duration(r.P50Micros), Duration(r.P99Micros), Rate(r.PerSecond) ?? r.Value ?? "",
                r.Ratio is { } ratio ? $"{ratio.ToString("0.00", CultureInfo.InvariantCulture)}× {r.RatioTo}" : "",
                r.Goal?.Text ?? "", r.Goal?.Verdict ?? "",
            }),
            rows.Where(r => r.Note is not null).Select(r => $"{r.Figure}, {r.Subject}: {r.Note}"));
    }

    public void Finish(TimeSpan took)
    {
        var loadAfter = Machine.LoadAverage;
        Console.WriteLine($"Took {took.TotalSeconds:0} s; load average {loadAfter:0.0} after the run.");
        foreach (var row in Missed)
            Console.WriteLine($"missed: {row.Figure}, {row.Subject}: {row.Goal!.Text}");
        if (options.JsonFile is not { } file)
            return;
        var content = new
        {
            Bench = name,
            options.Quick,
            At = _started,
            TookSeconds = Math.Round(took.TotalSeconds),
            Machine.Processor,
            Machine.System,
            FileSystem = directory.Format,
            LoadAverageBefore = _loadBefore,
            LoadAverageAfter = loadAfter,
            Measurements = _rows,
        };
        File.WriteAllText(file, JsonSerializer.Serialize(content, Json));
        Console.WriteLine($"Written to {file}.");
    }

    public static string Duration(double? micros) => micros switch
    {
        null => "",
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{micros / 1e6:0.00} s"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{micros / 1e3:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{micros:0} µs"),
    };

    private static string? Rate(double? perSecond) =>
        perSecond is null ? null : string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0}/s");
}
