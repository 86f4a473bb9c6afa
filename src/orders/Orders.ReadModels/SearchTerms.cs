using Orders.Contracts;

namespace Orders.ReadModels;

/// <summary>What orders are found by, beside their ids and their customers. Pure; the view writes the terms customer care looks for.</summary>
public static class SearchTerms
{
    /// <summary>Words shorter than this find nothing.</summary>
    public const int ShortestWord = 3;

    private const int MaxWords = 20;
    private const int LongestWord = 40;

    /// <summary>An article.</summary>
    public static string Sku(string sku) => $"sku:{sku.ToLowerInvariant()}";

    /// <summary>A shipment.</summary>
    public static string Tracking(string number) => $"tracking:{number.ToLowerInvariant()}";

    /// <summary>A word of a reason.</summary>
    public static string Word(string word) => $"word:{word}";

    /// <summary>The words of a text, each once: letters and digits in lower case, the first <c>20</c>.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        for (int start = 0, i = 0; i <= text.Length && words.Count < MaxWords; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
                continue;
            if (i - start is >= ShortestWord and <= LongestWord && text[start..i].ToLowerInvariant() is var word && !words.Contains(word))
                words.Add(word);
            start = i + 1;
        }

        return words;
    }

    /// <summary>The reason an event gives, in the words of whoever gave it; null where there is none.</summary>
    public static string? ReasonOf(object @event) => @event switch
    {
        PaymentDeclined e => e.Reason,
        FulfillmentRejected e => e.Reason,
        OrderCancelled e => e.Reason,
        RefundRequested e => e.Reason,
        PaymentRefunded e => e.Reason,
        NotificationRequested e => e.Reason,
        NoticeDropped e => e.Reason,
        _ => null,
    };
}
