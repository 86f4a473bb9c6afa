using System.Text.RegularExpressions;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>What regions may be called.</summary>
internal static partial class RegionNames
{
    /// <summary>What is wrong with the regions of an account, as a sentence; null where nothing is.</summary>
    public static string? Problem(EmulatorOptions options)
    {
        var ports = options.RegionPorts;
        if (options.Regions.Count == 0)
            return ports.Count == 0 ? null : "--region-ports needs --regions with the regions they are of.";
        if (Problem(options.Regions) is { } problem)
            return $"The regions are '{string.Join(',', options.Regions)}'; {problem}";
        if (ports.Count == 0 && options.Port + options.Regions.Count > ushort.MaxValue)
            return $"--port is {options.Port} and leaves no port for each region behind it; choose a lower one, or name them with --region-ports.";
        return ports.Count == 0 || (ports.Count == options.Regions.Count && ports.Append(options.Port).Distinct().Count() == ports.Count + 1)
            ? null
            : "--region-ports must have another port for each of --regions, none of them that of --port.";
    }

    /// <summary>What is wrong with the names of an account's regions, as the end of a sentence; null where nothing is.</summary>
    public static string? Problem(IReadOnlyList<string> names) =>
        names.Count is >= 2 and <= EmulatorOptions.MaxRegions
        && names.Select(Directory).Distinct(StringComparer.Ordinal).Count() == names.Count
        && names.All(name => Form().IsMatch(name))
            ? null
            : $"they must be 2 to {EmulatorOptions.MaxRegions} different names, each of letters, digits, spaces and hyphens.";

    /// <summary>The name of the directory a region's data lies in.</summary>
    public static string Directory(string name) => name.ToLowerInvariant().Replace(' ', '-');

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9 -]{0,38}[A-Za-z0-9])?$")]
    private static partial Regex Form();
}
