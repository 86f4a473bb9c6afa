using System.Globalization;
using Bench.Harness;

namespace Bench.Scale;

/// <summary>Options of the scale test beside those every bench has.</summary>
/// <param name="Common">Which parts, where data and results go, options of the app host.</param>
internal sealed record ScaleOptions(BenchOptions Common)
{
    /// <summary>Orders of a measurement.</summary>
    public int Orders { get; private init; } = 2_000;

    /// <summary>How many of them are under way at any time.</summary>
    public int UnderWay { get; private init; } = 64;

    /// <summary>Physical partitions of the containers that grow.</summary>
    public IReadOnlyList<int> Partitions { get; private init; } = [1, 2, 4];

    /// <summary>Processes of each worker.</summary>
    public IReadOnlyList<int> Instances { get; private init; } = [1, 2, 4];

    /// <summary>Orders that are in the store already.</summary>
    public IReadOnlyList<int> Sizes { get; private init; } = [0, 100_000, 1_000_000];

    /// <summary>Events of a long stream.</summary>
    public int Events { get; private init; } = 1_000;

    /// <summary>Where filled stores are kept for the next run; null deletes them.</summary>
    public string? Data { get; private init; }

    /// <summary>Measures nothing: writes the tables and charts of the page from results that are there.</summary>
    public bool WriteDocs { get; private init; }

    /// <summary>The results: parts that are measured replace those of the run before.</summary>
    public string ResultsFile => Common.JsonFile ?? "scale.json";

    public static ScaleOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ScaleOptions(BenchOptions.Parse([]));
        var common = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            switch (name)
            {
                case "--orders":
                    options = options with { Orders = Numbers(least: 1)[0] };
                    break;
                case "--under-way":
                    options = options with { UnderWay = Numbers(least: 1)[0] };
                    break;
                case "--partitions":
                    options = options with { Partitions = Numbers(least: 1) };
                    break;
                case "--instances":
                    options = options with { Instances = Numbers(least: 1) };
                    break;
                case "--sizes":
                    options = options with { Sizes = Numbers(least: 0) };
                    break;
                case "--events":
                    options = options with { Events = Numbers(least: 10)[0] };
                    break;
                case "--data":
                    options = options with { Data = Path.GetFullPath(Value()) };
                    break;
                case "--write-docs":
                    options = options with { WriteDocs = true };
                    break;
                default:
                    common.Add(name);
                    break;
            }

            string Value() => ++i < args.Count ? args[i] : throw new BenchException($"{name} needs a value; --help lists the options.");

            IReadOnlyList<int> Numbers(int least)
            {
                var text = Value();
                var numbers = text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToList();
                return numbers.TrueForAll(n => n >= least)
                    ? numbers
                    : throw new BenchException($"{name} is '{text}': it must be whole numbers from {least}, with commas between.");
            }
        }

        return options with { Common = BenchOptions.Parse(common) };
    }
}
