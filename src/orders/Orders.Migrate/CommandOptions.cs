using System.Globalization;
using ChangeFeed.Migration;

namespace Orders.Migrate;

/// <summary>What was typed.</summary>
internal sealed record CommandOptions
{
    /// <summary>Stands for every container of a database, and for every migration.</summary>
    public const string All = "all";

    public string Command { get; private init; } = "";

    public string Name { get; private init; } = All;

    public string? From { get; private init; }

    public string? To { get; private init; }

    public IReadOnlyList<string> Key { get; private init; } = [];

    public string Transform { get; private init; } = "none";

    public int? RequestUnits { get; private init; }

    public int? Throughput { get; private init; }

    public string Directory { get; private init; } = "cosmos/orders";

    public TimeSpan Validity { get; private init; } = TimeSpan.FromSeconds(10);

    public bool Full { get; private init; }

    public bool UntilCurrent { get; private init; }

    public bool Watch { get; private init; }

    /// <exception cref="MigrationException">Something is not understood; the message names it.</exception>
    public static CommandOptions Parse(IReadOnlyList<string> args)
    {
        var (options, named) = (new CommandOptions(), false);
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is "--full" or "--until-current" or "--watch")
                options = options.With(args[i]);
            else if (options.Command.Length == 0)
                options = options with { Command = args[i] };
            else if (!named && !args[i].StartsWith("--", StringComparison.Ordinal))
                (options, named) = (options with { Name = args[i] }, true);
            else if (++i < args.Count)
                options = options.With(args[i - 1], args[i]);
            else
                throw new MigrationException($"'{args[i - 1]}' is no option, or needs a value; help lists them.");
        }

        return options;
    }

    private CommandOptions With(string flag) => flag switch
    {
        "--full" => this with { Full = true },
        "--until-current" => this with { UntilCurrent = true },
        _ => this with { Watch = true },
    };

    private CommandOptions With(string name, string value) => name switch
    {
        "--from" => this with { From = value },
        "--to" => this with { To = value },
        "--key" => this with
        {
            Key = value.Split(',') is { Length: >= 1 and <= 3 } paths && paths.All(path => path.Length > 1 && path[0] == '/')
                ? paths
                : throw new MigrationException($"--key is '{value}': it must be one to three paths such as /tenant,/streamId."),
        },
        "--transform" => this with { Transform = value },
        "--ru" => this with { RequestUnits = Number(name, value, 10) },
        "--throughput" => this with { Throughput = Number(name, value, 400) },
        "--validity" => this with { Validity = TimeSpan.FromSeconds(Number(name, value, 1)) },
        "--directory" => this with
        {
            Directory = value.Split('/') is [{ Length: > 0 }, { Length: > 0 }]
                ? value
                : throw new MigrationException($"--directory is '{value}': it must be account/database, such as cosmos/orders."),
        },
        _ => throw new MigrationException($"'{name}' is no option; help lists them."),
    };

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new MigrationException($"{name} is '{value}': it must be a whole number of at least {least}.");
}
