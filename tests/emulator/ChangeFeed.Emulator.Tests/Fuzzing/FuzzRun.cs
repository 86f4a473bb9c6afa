using System.Diagnostics;
using System.Globalization;

namespace ChangeFeed.Emulator.Tests.Fuzzing;

/// <summary>
/// Tries made-up inputs for some seconds, or for as long as <c>FUZZ_MINUTES</c> says. Each try has a seed of its own, which a failure names;
/// <c>FUZZ_SEED</c> tries that one alone.
/// </summary>
internal static class FuzzRun
{
    private const int EnoughProblems = 10;

    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static int? OneSeed { get; } = Setting("FUZZ_SEED") is { } seed ? (int)seed : null;

    private static TimeSpan Time { get; } = Setting("FUZZ_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : UsualTime;

    /// <param name="attempt">Makes an input and uses it; null when the outcome is one of those it may have, otherwise what is wrong.</param>
    public static async Task RunAsync(Func<Random, Task<string?>> attempt)
    {
        var problems = new List<string>();
        var (start, tries) = (Stopwatch.GetTimestamp(), 0);
        var first = OneSeed ?? Random.Shared.Next();
        while (problems.Count < EnoughProblems && (OneSeed is null ? Stopwatch.GetElapsedTime(start) < Time : tries == 0))
        {
            var seed = unchecked(first + tries++);
            var began = Stopwatch.GetTimestamp();
            var problem = await attempt(new Random(seed));
            if (Stopwatch.GetElapsedTime(began) > Patience)
                problem = $"took {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s. {problem}";
            if (problem is not null)
                problems.Add($"FUZZ_SEED={seed}: {problem}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{tries:N0} inputs from seed {first} on.");
        problems.ShouldBeEmpty();
    }

    private static double? Setting(string name) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
