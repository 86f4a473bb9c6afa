using Orders.Contracts;

namespace Orders.PersonalData;

/// <summary>
/// Something outside failed, in words that repeat personal data. Tells the kind of failure and, where there is one, its status code. It has no
/// inner exception for the same reason: whatever is thrown ends in logs, traces, heartbeats and dead letters.
/// </summary>
public sealed class ConcealedException(string message) : Exception(message);

/// <summary>Keeps what was opened out of the words of failures. What is personal, <see cref="PersonalFields"/> says.</summary>
public static class Concealed
{
    // Initials and house numbers are in every text.
    private const int ShortestWord = 4;

    /// <summary>Lets something outside work on an order that was opened.</summary>
    /// <param name="opened">The order.</param>
    /// <param name="work">The work.</param>
    /// <param name="isDiscreet">Which failures are known to repeat nothing: they keep their type and their words.</param>
    /// <exception cref="ConcealedException">It failed, and said so in words that repeat something personal of the order.</exception>
    public static async Task<T> FromAsync<T>(OrderPlaced opened, Func<Task<T>> work, Func<Exception, bool>? isDiscreet = null)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is not OperationCanceledException && isDiscreet?.Invoke(e) != true && Repeats(WordsOf(e), opened))
        {
            throw new ConcealedException($"{e.GetType().FullName}{StatusOf(e)}; its words repeat personal data and are not kept.");
        }
    }

    private static bool Repeats(string text, OrderPlaced opened)
    {
        var found = false;
        PersonalFields.Map(opened, personal =>
        {
            found |= WordsOf(personal).Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
            return personal;
        });
        return found;
    }

    // A server that quotes half an address has quoted it.
    private static IEnumerable<string> WordsOf(string personal) =>
        personal.Split([' ', '@', ',', '<', '>'], StringSplitOptions.RemoveEmptyEntries).Append(personal).Where(word => word.Length >= ShortestWord);

    // All that a log or a dead letter would keep of it, but for the names of methods.
    private static string WordsOf(Exception e)
    {
        var text = e.ToString();
        for (var inner = e; inner is not null; inner = inner.InnerException)
            text = inner.StackTrace is { Length: > 0 } stack ? text.Replace(stack, "", StringComparison.Ordinal) : text;
        return text;
    }

    private static string StatusOf(Exception e) => e is HttpRequestException { StatusCode: { } status } ? $" ({(int)status})" : "";
}
