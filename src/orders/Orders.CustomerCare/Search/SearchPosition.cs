using System.Buffers.Text;
using System.Text;
using ChangeFeed.Projections.Versions;

namespace Orders.CustomerCare.Search;

/// <summary>Where a page of a search ended.</summary>
/// <param name="After">Behind which order; null at the beginning.</param>
/// <param name="Customer">The customers of an address up to this one are searched; null for none of them.</param>
internal sealed record SearchPosition(PagePosition? After, string? Customer = null)
{
    // Later than every order.
    private static readonly PagePosition Beginning = new(DateTimeOffset.MaxValue, []);

    /// <summary>The token a client gives back; it only fits the search it was made for.</summary>
    public string ToToken(string question)
    {
        var token = (After ?? Beginning).ToToken($"{question}\n{Customer}");
        return Customer is null ? token : $"{token}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Customer))}";
    }

    /// <summary>Null when the token is none, was changed, or belongs to another search.</summary>
    public static SearchPosition? Parse(string token, string question)
    {
        var (after, customer) = (token, (string?)null);
        if (token.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
        {
            if (!Base64Url.IsValid(token.AsSpan(dot + 1)))
                return null;
            (after, customer) = (token[..dot], Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan(dot + 1))));
        }

        return PagePosition.Parse(after, $"{question}\n{customer}") is { } position ? new SearchPosition(position, customer) : null;
    }
}
