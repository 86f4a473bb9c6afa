using Microsoft.Playwright;

namespace ChangeFeed.Testing.Browser;

/// <summary>The browser of this machine; none is downloaded.</summary>
public static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>What a test says that is skipped without one.</summary>
    public const string Missing = "No browser: install chromium, or set CHROMIUM to the program of one.";

    /// <summary>Its program; null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } given
        ? given
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .SelectMany(directory => Names.Select(name => System.IO.Path.Combine(directory, OperatingSystem.IsWindows() ? name + ".exe" : name)))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts it; the caller disposes it.</summary>
    public static async Task<IBrowser> StartAsync(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Path,
        // Chromium refuses its sandbox to root, as whom containers and build machines often run.
        Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
    });
}
