namespace Orders.Contracts;

internal static class Codes
{
    /// <summary>A table of codes written as words over several lines.</summary>
    public static string[] Split(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
