namespace OrderPipeline.AppHost.Launcher;

/// <summary>Writes whole lines, each with the name of who says it, in that one's colour where somebody looks at a terminal.</summary>
sealed class LauncherConsole(TextWriter output, bool coloured, int nameWidth)
{
    static readonly int[] Palette = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];
    readonly Lock _lock = new();
    readonly Dictionary<string, int> _colours = [];

    /// <summary>What the launcher itself says.</summary>
    public void Say(string line) => Write("app host", 1, line);

    public void Write(string name, string line)
    {
        int colour;
        lock (_lock)
        {
            if (!_colours.TryGetValue(name, out colour)) _colours[name] = colour = Palette[_colours.Count % Palette.Length];
        }

        Write(name, colour, line);
    }

    /// <summary>Lines that stand for themselves.</summary>
    public void WriteBlock(IEnumerable<string> lines)
    {
        lock (_lock)
        {
            output.WriteLine();
            foreach (var line in lines) output.WriteLine(line);
            output.WriteLine();
        }
    }

    /// <summary>No colour for files and pipes, nor for whoever sets NO_COLOR (no-color.org).</summary>
    public static bool WantsColour => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    void Write(string name, int colour, string line)
    {
        var prefix = name.PadRight(nameWidth);
        lock (_lock) output.WriteLine(coloured ? $"\e[{colour}m{prefix} |\e[0m {line}" : $"{prefix} | {line}");
    }
}
