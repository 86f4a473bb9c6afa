using Orders.Web;

namespace Orders.CustomerCare.Pages;

/// <summary>What is wrong with a request, as a page says it.</summary>
internal static class InvalidRequests
{
    /// <summary>Each wrong field and what it must be.</summary>
    public static string InWords(this InvalidRequestException e) => e.Errors is null
        ? e.Message
        : string.Join(" ", e.Errors.Select(error => $"{error.Key}: {string.Join(" ", error.Value)}"));

    /// <summary>Does what a form asks for.</summary>
    /// <param name="act">Does it; answers why it was refused, or null.</param>
    /// <returns>Why it was refused, or what is wrong with the form; null when it is done.</returns>
    public static async Task<string?> TryAsync(Func<Task<string?>> act)
    {
        try
        {
            return await act();
        }
        catch (InvalidRequestException e)
        {
            return e.InWords();
        }
    }
}
