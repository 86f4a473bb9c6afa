namespace Orders.Positions.Commands;

/// <summary>What was typed, and the environment.</summary>
internal sealed record CommandOptions
{
    /// <summary>The variable that has the key, so that it is in no history of commands.</summary>
    public const string KeyVariable = "CARE_KEY";

    private const string AddressVariable = "CARE_ADDRESS";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string Command { get; private set; } = "";

    public string Service { get; private set; } = "";

    public bool Beginning { get; private set; }

    public Uri Care { get; private set; } = null!;

    /// <summary>An option as it was typed; null where it was not.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <exception cref="PositionCommandException">Something is not understood; the message names it.</exception>
    public static CommandOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CommandOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) && options.Service.Length == 0)
                (options.Command, options.Service) = options.Command.Length == 0 ? (args[i], "") : (options.Command, args[i]);
            else if (args[i] == "--beginning")
                options.Beginning = true;
            else if (args[i] is not ("--name" or "--time" or "--event" or "--partition" or "--token" or "--reason" or "--care"))
                throw new PositionCommandException($"'{args[i]}' is no option; help lists them.");
            else if (++i < args.Count)
                options._values[args[i - 1]] = args[i];
            else
                throw new PositionCommandException($"'{args[i - 1]}' needs a value.");
        }

        var address = options["--care"] ?? Environment.GetEnvironmentVariable(AddressVariable) ?? "http://localhost:5102";
        options.Care = Uri.TryCreate(address, UriKind.Absolute, out var care) && care.Scheme is ("http" or "https")
            ? care
            : throw new PositionCommandException($"--care is '{address}': it must be the address of customer care, such as http://localhost:5102.");
        return options;
    }
}
