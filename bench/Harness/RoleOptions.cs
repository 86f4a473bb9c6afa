using System.Globalization;

namespace Bench.Harness;

/// <summary>Options of a role: pairs of a name and a value.</summary>
internal sealed class RoleOptions
{
    private readonly Dictionary<string, string> _values = [];

    public static RoleOptions Parse(IReadOnlyList<string> args, params IReadOnlyList<string> known)
    {
        var options = new RoleOptions();
        for (var i = 0; i < args.Count; i += 2)
        {
            if (!known.Contains(args[i]) || i + 1 == args.Count)
                throw new BenchException($"'{args[i]}' is not an option with a value here; these are: {string.Join(", ", known)}.");
            options._values[args[i]] = args[i + 1];
        }

        return options;
    }

    public string? Find(string name) => _values.GetValueOrDefault(name);

    public string Text(string name) => Find(name) ?? throw new BenchException($"{name} is missing.");

    public int Number(string name, int standard) => Find(name) is not { } text ? standard
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new BenchException($"{name} must be a whole number, not '{text}'.");
}
