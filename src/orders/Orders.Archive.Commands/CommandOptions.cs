using System.Globalization;
using Orders.Archive.Cooling;

namespace Orders.Archive.Commands;

/// <summary>What was typed, and the environment.</summary>
internal sealed record CommandOptions
{
    public string Command { get; private init; } = "";

    public string? Sql { get; private init; }

    public required ArchiveLocation Location { get; init; }

    public int Generation { get; private init; } = 1;

    public long? Version { get; private init; }

    public DateTimeOffset? At { get; private init; }

    public int Last { get; private init; } = 20;

    public TimeSpan Keep { get; private init; } = TimeSpan.FromDays(7);

    public string? Order { get; private init; }

    public CoolingOptions Cooling { get; private init; } = new(TimeSpan.FromDays(30));

    /// <exception cref="ArchiveCommandException">Something is not understood; the message names it.</exception>
    public static CommandOptions Parse(IReadOnlyList<string> args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var options = new CommandOptions { Location = ArchiveLocation.Read(configuration, ArchiveLocation.UsualDirectory) };
        for (var i = 0; i < args.Count; i++)
        {
            if (options.Command.Length == 0)
                options = options with { Command = args[i] };
            else if (!args[i].StartsWith("--", StringComparison.Ordinal) && options is { Command: "query", Sql: null })
                options = options with { Sql = args[i] };
            else if (!args[i].StartsWith("--", StringComparison.Ordinal) && options is { Command: "restore", Order: null })
                options = options with { Order = args[i] };
            else if (args[i] == "--dry-run")
                options = options with { Cooling = options.Cooling with { IsDryRun = true } };
            else if (++i < args.Count)
                options = options.With(args[i - 1], args[i]);
            else
                throw new ArchiveCommandException($"'{args[i - 1]}' is no option, or needs a value; help lists them.");
        }

        return options is { Version: not null, At: not null }
            ? throw new ArchiveCommandException("--version and --at say the same twice: leave one out.")
            : options;
    }

    private CommandOptions With(string name, string value) => name switch
    {
        "--directory" => this with { Location = Location with { Directory = value, ConnectionString = "" } },
        "--generation" => this with { Generation = (int)Number(name, value, 1, 1000) },
        "--version" => this with { Version = Number(name, value, 0, long.MaxValue) },
        "--last" => this with { Last = (int)Number(name, value, 1, 1_000_000) },
        "--keep" => this with { Keep = TimeSpan.FromDays(Number(name, value, 1, 3650)) },
        "--hot" => this with { Cooling = Cooling with { Hot = Duration(name, value) } },
        "--grace" => this with { Cooling = Cooling with { Grace = Duration(name, value) } },
        "--except" => this with
        {
            Cooling = Cooling with { Except = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) },
        },
        "--at" => this with
        {
            At = DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new ArchiveCommandException($"--at is '{value}': it must be a time such as 2026-11-27T12:00Z."),
        },
        _ => throw new ArchiveCommandException($"'{name}' is no option; help lists them."),
    };

    private static TimeSpan Duration(string name, string value)
    {
        var unit = value.LastOrDefault() switch
        {
            'd' => TimeSpan.FromDays(1),
            'h' => TimeSpan.FromHours(1),
            'm' => TimeSpan.FromMinutes(1),
            's' => TimeSpan.FromSeconds(1),
            _ => TimeSpan.Zero,
        };
        return unit > TimeSpan.Zero && int.TryParse(value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 10_000
            ? unit * number
            : throw new ArchiveCommandException($"{name} is '{value}': it must be a time such as 30d, 12h, 30m or 10s.");
    }

    private static long Number(string name, string value, long least, long most) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArchiveCommandException($"{name} is '{value}': it must be a whole number of at least {least}.");
}
