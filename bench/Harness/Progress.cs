using System.Diagnostics;

namespace Bench.Harness;

/// <summary>Says on standard error what is going on, so that standard output holds the result alone.</summary>
internal static class Progress
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    public static void Say(string what) => Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(Start).TotalSeconds,5:0.0} s] {what}");
}
