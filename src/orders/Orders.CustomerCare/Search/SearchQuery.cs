using Orders.Contracts;
using Orders.Domain;
using Orders.Web;

namespace Orders.CustomerCare.Search;

/// <summary>What is looked for; everything that is given has to hold.</summary>
internal sealed record SearchQuery
{
    public const int MaxCharacters = 254; // of a mail address

    private static readonly TextRule Rule = new(MaxCharacters);

    /// <summary>An id, an address, a tracking number, a sku, or words of a reason.</summary>
    public string? Text { get; init; }

    /// <summary>Only orders with an event of this type.</summary>
    public string? Type { get; init; }

    /// <summary>Only orders with an event by this service or agent.</summary>
    public string? Service { get; init; }

    public string? Customer { get; init; }

    public OrderStatus? Status { get; init; }

    /// <summary>Only orders placed since then; where only events are asked for, only events since then.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Where the page before ended.</summary>
    public SearchPosition? After { get; init; }

    /// <summary>Whether nothing but events leads to the orders.</summary>
    public bool IsAboutEvents => (Type ?? Service) is not null && Text is null && Customer is null;

    /// <summary>What is kept of it in the audit trail.</summary>
    public string Subject => Text ?? Customer ?? Type ?? Service ?? "(all)";

    /// <summary>What a position belongs to.</summary>
    public string Question => $"{Text}\n{Type}\n{Service}\n{Customer}\n{Status}\n{From:O}\n{To:O}";

    /// <summary>Reads the values of a request; an empty one counts as left out, as forms send them.</summary>
    /// <exception cref="InvalidRequestException">One of them is wrong; the message names it.</exception>
    public static SearchQuery Parse(
        string? q, string? type, string? customer, string? status, string? from, string? to, string? service, string? continuation)
    {
        var query = new SearchQuery
        {
            Text = Short("q", q),
            Type = Given(type) is not { } name || OrderEvents.Map.Names.Contains(name)
                ? Given(type)
                : throw InvalidRequestException.Of("type", $"Must be one of {string.Join(", ", OrderEvents.Map.Names.Order())}."),
            Customer = Short("customer", customer),
            Status = Given(status) is not { } text ? null
                : Enum.TryParse<OrderStatus>(text, out var known) && Enum.IsDefined(known) && !char.IsAsciiDigit(text[0]) ? known
                : throw InvalidRequestException.Of("status", $"Must be one of {string.Join(", ", Enum.GetNames<OrderStatus>())}."),
            From = QueryValue.Time("from", Given(from))?.ToUniversalTime(),
            To = QueryValue.Time("to", Given(to))?.ToUniversalTime(),
            Service = Short("service", service),
        };
        if (query.From >= query.To)
            throw InvalidRequestException.Of("to", "Must be later than from.");
        return Given(continuation) is not { } token ? query : query with
        {
            After = SearchPosition.Parse(token, query.Question)
                ?? throw InvalidRequestException.Of(
                    "continuation", "Is not one of this search: send `next` of the page before, with everything else the same."),
        };
    }

    /// <summary>A value of a form: null where nothing but spaces was given.</summary>
    public static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static string? Short(string name, string? value) => QueryValue.Text(name, Given(value), Rule);
}
