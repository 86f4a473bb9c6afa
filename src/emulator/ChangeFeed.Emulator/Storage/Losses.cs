using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

/// <summary>Says what could not be kept of damaged data. Each answers whether nothing was lost.</summary>
internal static class Losses
{
    public static bool Commits(Salvage salvage, Action<string> say)
    {
        if (salvage.LostCommits == 0)
            return true;
        say($"The last {salvage.LostCommits} acknowledged commits are lost: the write-ahead log is missing or damaged.");
        return false;
    }

    public static bool Items(Salvage salvage, Container container, SalvageCount count, Action<string> say)
    {
        var name = $"{container.Database.Id}/{container.Id}";
        var expected = salvage.Expected(container);
        if (count.Damaged == 0 && expected == count.Read)
        {
            say($"{name}: {Documents(count.Read)}.");
            return true;
        }
        say(expected > count.Read
            ? $"{name}: {Documents(count.Read)} of {expected}; {expected - count.Read} are lost."
            : $"{name}: {Documents(count.Read)}; how many are lost cannot be told.");
        return false;
    }

    private static string Documents(long count) => count == 1 ? "1 document" : $"{count} documents";
}
