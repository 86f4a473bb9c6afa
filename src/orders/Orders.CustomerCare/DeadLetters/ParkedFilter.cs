using System.ComponentModel;
using Microsoft.Azure.Cosmos;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters;

/// <summary>Which of the parked orders; what is null does not matter.</summary>
public sealed record ParkedFilter
{
    internal const int MaxLength = 200;

    /// <summary>What every text of it must be like.</summary>
    internal static TextRule Rule { get; } = new(MaxLength);

    [Description("Only those parked at this service.")]
    public string? Service { get; init; }

    [Description("Only those that failed with an exception of this type, with or without its namespace.")]
    public string? ErrorType { get; init; }

    [Description("Only those whose error has this text in it.")]
    public string? Text { get; init; }

    [Description("Only those at which an event of this type failed.")]
    public string? EventType { get; init; }

    [Description("Only those parked at this time or later.")]
    public DateTimeOffset? From { get; init; }

    [Description("Only those parked before this time.")]
    public DateTimeOffset? To { get; init; }

    /// <summary>A filter of what was typed: what is empty does not matter.</summary>
    /// <exception cref="InvalidRequestException">One of the values is wrong; the message names it.</exception>
    internal static ParkedFilter Of(string? service, string? errorType, string? text, string? eventType, string? from = null, string? to = null)
    {
        return new ParkedFilter
        {
            Service = Checked("service", service),
            ErrorType = Checked("errorType", errorType),
            Text = Checked("text", text),
            EventType = Checked("eventType", eventType),
            From = QueryValue.Time("from", OrNull(from))?.ToUniversalTime(),
            To = QueryValue.Time("to", OrNull(to))?.ToUniversalTime(),
        };

        static string? Checked(string name, string? value) => QueryValue.Text(name, OrNull(value), Rule);

        static string? OrNull(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    /// <summary>A query over those that match.</summary>
    /// <param name="select">What to select, of <c>c</c>.</param>
    /// <param name="rest">What else must hold, and the order.</param>
    internal QueryDefinition Query(string select, string rest = "")
    {
        List<string> conditions = ["c.kind = 'stream'", "c.status = 'Parked'"];
        var parameters = new List<(string Name, object Value)>();
        If(ErrorType, "(c.errorType = @errorType OR ENDSWITH(c.errorType, CONCAT('.', @errorType)))", "@errorType");
        If(Text, "CONTAINS(c.error, @text, true)", "@text");
        If(EventType, "c.eventType = @eventType", "@eventType");
        If(From, "c.parkedAt >= @from", "@from");
        If(To, "c.parkedAt < @to", "@to");
        var query = new QueryDefinition($"SELECT {select} FROM c WHERE {string.Join(" AND ", conditions)} {rest}");
        return parameters.Aggregate(query, (q, p) => q.WithParameter(p.Name, p.Value));

        void If(object? value, string condition, string parameter)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            parameters.Add((parameter, value));
        }
    }
}
