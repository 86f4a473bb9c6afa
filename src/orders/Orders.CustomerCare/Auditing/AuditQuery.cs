using System.ComponentModel;
using Microsoft.Azure.Cosmos;

namespace Orders.CustomerCare.Auditing;

/// <summary>Which audit records; what is null does not matter.</summary>
/// <param name="Subject">Only those about this.</param>
/// <param name="Who">Only those of what this one did.</param>
/// <param name="From">Only those of this time or later.</param>
/// <param name="To">Only those before this time.</param>
/// <param name="Before">Only those before this place: <see cref="AuditRecords.Next"/> of the page before.</param>
internal sealed record AuditQuery(string? Subject = null, string? Who = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Before = null)
{
    public QueryDefinition Definition(int most)
    {
        var conditions = new List<string>();
        var parameters = new List<(string Name, object Value)>();
        If(Subject, "c.subject = @subject", "@subject");
        If(Who, "c.who = @who", "@who");
        If(From?.ToUniversalTime(), "c.at >= @from", "@from");
        If(To?.ToUniversalTime(), "c.at < @to", "@to");
        If(Before, "c.sequence < @before", "@before");
        var where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
        return parameters.Aggregate(
            new QueryDefinition($"SELECT TOP {most} * FROM c {where} ORDER BY c.sequence DESC"), (query, p) => query.WithParameter(p.Name, p.Value));

        void If(object? value, string condition, string parameter)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            parameters.Add((parameter, value));
        }
    }
}

/// <summary>Audit records, the latest first.</summary>
public sealed record AuditRecords(
    IReadOnlyList<AuditRecord> Records,
    [property: Description("Give this as `before` for the next page; absent at the end.")] string? Next);
