namespace Bench.Harness;

/// <summary>Options every bench has.</summary>
/// <param name="Application">Options of the app host for the real system.</param>
internal sealed record BenchOptions(
    bool Check, bool Quick, string? JsonFile, string? Directory, string? Only, bool SubjectIsFloor, IReadOnlyList<string> Application)
{
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchOptions(false, false, null, null, null, false, []);
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--check" => options with { Check = true },
                "--quick" => options with { Quick = true },
                "--json" => options with { JsonFile = Value() },
                "--dir" => options with { Directory = Value() },
                "--only" => options with { Only = Value() },
                "--app" => options with { Application = Value().Split(' ', StringSplitOptions.RemoveEmptyEntries) },
                "--subject-is-floor" => options with { SubjectIsFloor = true },
                var other => throw new BenchException($"'{other}' is not an option; --help lists them."),
            };

            string Value() => ++i < args.Count ? args[i] : throw new BenchException($"{args[i - 1]} needs a value; --help lists the options.");
        }

        return options;
    }
}
