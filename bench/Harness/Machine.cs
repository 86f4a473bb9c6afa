using System.Globalization;
using System.Runtime.InteropServices;

namespace Bench.Harness;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    // Linux counts processor time in hundredths of a second, whatever its own tick is.
    private const double ClockTicks = 100;

    /// <summary>The load average of the last minute: far above what the bench itself needs, the figures are noise.</summary>
    public static double LoadAverage => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    public static string Processor => $"{Environment.ProcessorCount} × " + (File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString());

    public static string System => $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>Processor time a process has used, user and system together.</summary>
    public static TimeSpan CpuOf(int pid)
    {
        // The name of the program may hold spaces and brackets; the figures follow the last bracket.
        return Sum(pid, 11, 12);
    }

    /// <summary>The same of a process and its children, those that have ended included.</summary>
    public static TimeSpan CpuOfTree(int pid) => Sum(pid, 11, 12, 13, 14) + TimeSpan.FromTicks(Children(pid).Sum(child => OrZero(() => CpuOf(child).Ticks)));

    /// <summary>Memory of a process, in bytes: what it shares with others is divided among them.</summary>
    public static long ProportionalOf(int pid) => Kilobytes(File.ReadAllLines($"/proc/{pid}/smaps_rollup"), "Pss:");

    /// <summary>The same of a process and its children.</summary>
    public static long ProportionalOfTree(int pid) => ProportionalOf(pid) + Children(pid).Sum(child => OrZero(() => ProportionalOf(child)));

    private static TimeSpan Sum(int pid, params int[] fields)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var values = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields.Sum(field => long.Parse(values[field], CultureInfo.InvariantCulture)) / ClockTicks);
    }

    private static IEnumerable<int> Children(int pid) => File.ReadAllText($"/proc/{pid}/task/{pid}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    // A connection may end while one looks.
    private static long OrZero(Func<long> read)
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static long Kilobytes(string[] lines, string field) => long.Parse(
        lines.First(l => l.StartsWith(field, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;

    /// <summary>Resident memory of a process, in bytes, and how much of that is pages of files, of which all processes that map them share one copy.</summary>
    public static (long Resident, long Files) MemoryOf(int pid)
    {
        var status = File.ReadAllLines($"/proc/{pid}/status");
        return (Kilobytes(status, "VmRSS:"), Kilobytes(status, "RssFile:"));
    }
}
