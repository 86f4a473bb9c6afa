using System.Text.RegularExpressions;
using Orders.Contracts;
using Orders.CustomerCare.Events;

namespace Orders.CustomerCare.Mcp;

/// <summary>
/// Takes out of texts what tells who somebody is: what a program reads goes to whoever runs its model. The tools show no personal field at
/// all; this is for what people and outside systems wrote into reasons and errors.
/// </summary>
internal sealed partial class Withheld
{
    public const string Mark = "(withheld)";

    // Shorter ones are in every second word.
    private const int LeastLength = 3;

    private readonly IReadOnlyList<string> _values;

    private Withheld(IReadOnlyList<string> values) => _values = values;

    /// <summary>Addresses of mails alone: for texts that belong to no order.</summary>
    public static Withheld Addresses { get; } = new([]);

    /// <summary>Whatever is personal in these events.</summary>
    public static Withheld Of(IReadOnlyList<StoredEvent> stream)
    {
        var values = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var e in stream)
            if (e.Understood is { } understood)
                PersonalFields.Map(understood.Data, Note);
        return new Withheld([.. values.OrderByDescending(value => value.Length)]);

        string Note(string value)
        {
            if (value.Length >= LeastLength && value is not (PersonalFields.Erased or PersonalFields.Unreadable))
                values.Add(value);
            return value;
        }
    }

    /// <summary>The text without it; null where there is none.</summary>
    public string? From(string? text) => text is null
        ? null
        : _values.Aggregate(MailAddress().Replace(text, Mark), (rest, value) => rest.Replace(value, Mark, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"[^\s@<>""'(),;:]+@[^\s@<>""'(),;:]*[^\s@<>""'(),;:.!?]")]
    private static partial Regex MailAddress();
}
