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
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / ClockTicks);
    }

    /// <summary>Resident memory of a process, in bytes, and how much of that is pages of files, of which all processes that map them share one copy.</summary>
    public static (long Resident, long Files) MemoryOf(int pid)
    {
        var status = File.ReadAllLines($"/proc/{pid}/status");
        return (Bytes("VmRSS:"), Bytes("RssFile:"));

        long Bytes(string field) => long.Parse(
            status.First(l => l.StartsWith(field, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) * 1024;
    }
}
