using System.Diagnostics;
using ChangeFeed.AppHost.Options;

namespace ChangeFeed.AppHost.Lifecycle;

/// <summary>Shows the dashboard to whoever started the app host and can see it.</summary>
internal sealed class Browser(Settings settings)
{
    // What an IDE that starts the app host sets; it opens the dashboard by itself.
    private const string DebugSession = "DEBUG_SESSION_PORT";

    /// <param name="address">The dashboard with its login; null where there is none.</param>
    public void OpenWhereThereIsOne(string? address)
    {
        if (!ShouldOpen(address, settings.OpenBrowser, Console.IsInputRedirected || Console.IsOutputRedirected, Screen.Here))
            return;
        try
        {
            using var opened = Process.Start(new ProcessStartInfo(address!) { UseShellExecute = true });
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            // The address is on the console.
        }
    }

    /// <summary>Whether to open it.</summary>
    /// <param name="address">What would be opened; null when there is nothing.</param>
    /// <param name="allowed">What the option says.</param>
    /// <param name="redirected">Not a person but a program reads what is printed.</param>
    /// <param name="screen">What can be seen from here.</param>
    internal static bool ShouldOpen(string? address, bool allowed, bool redirected, Screen screen) =>
        allowed && !redirected && address is not null && screen is { HasBrowser: true, OpensByItself: false };

    /// <param name="HasBrowser">There is a desktop a browser could open on.</param>
    /// <param name="OpensByItself">An IDE opens the dashboard.</param>
    internal sealed record Screen(bool HasBrowser, bool OpensByItself)
    {
        public static Screen Here => Of(
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), Environment.UserInteractive, Environment.GetEnvironmentVariable);

        /// <summary>As the system and the environment tell.</summary>
        internal static Screen Of(bool isDesktopSystem, bool isInteractive, Func<string, string?> variable)
        {
            var overNetwork = Has("SSH_CONNECTION") && !Has("DISPLAY") && !Has("WAYLAND_DISPLAY");
            return new(
                isInteractive && !overNetwork && (isDesktopSystem || Has("DISPLAY") || Has("WAYLAND_DISPLAY")), Has(DebugSession));

            bool Has(string name) => !string.IsNullOrEmpty(variable(name));
        }
    }
}
