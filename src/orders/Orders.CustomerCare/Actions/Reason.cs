using Orders.Web;

namespace Orders.CustomerCare.Actions;

/// <summary>
/// Why somebody changes something. The actions themselves hold to this rule, so it is the same for the API and for the pages' forms.
/// </summary>
internal static class Reason
{
    public const int MaxLength = 500;

    public static TextRule Rule { get; } = new(
        MaxLength, text => string.IsNullOrWhiteSpace(text) ? $"Must have 1 to {MaxLength} characters that are not spaces." : null);

    /// <summary>The reason as it is kept.</summary>
    /// <exception cref="InvalidRequestException">There is none, or it does not follow the rule.</exception>
    public static string Required(string? given)
    {
        var reason = Rule.Clean(given ?? "");
        return Rule.Problem(reason) is { } problem ? throw InvalidRequestException.Of("reason", problem) : reason;
    }

    /// <summary>The reason as it is kept; null where none was given.</summary>
    /// <exception cref="InvalidRequestException">It does not follow the rule.</exception>
    public static string? Optional(string? given) => string.IsNullOrWhiteSpace(given) ? null : Required(given);
}
