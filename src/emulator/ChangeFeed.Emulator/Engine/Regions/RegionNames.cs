using System.Text.RegularExpressions;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>What regions may be called.</summary>
internal static partial class RegionNames
{
    /// <summary>What is wrong with the names of an account's regions, as the end of a sentence; null where nothing is.</summary>
    public static string? Problem(IReadOnlyList<string> names) =>
        names.Count is >= 2 and <= EmulatorOptions.MaxRegions
        && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count
        && names.All(name => Form().IsMatch(name))
            ? null
            : $"they must be 2 to {EmulatorOptions.MaxRegions} different names, each of letters, digits, spaces and hyphens.";

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9 -]{0,38}[A-Za-z0-9])?$")]
    private static partial Regex Form();
}
