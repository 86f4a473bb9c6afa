using ChangeFeed.AppHost.Lifecycle;
namespace ChangeFeed.AppHost.Tests;

public sealed class BrowserTests
{
    private const string Address = "http://localhost:15100/login?t=1";

    [Theory]
    [InlineData(Address, true, false, true, false, true)]
    [InlineData(null, true, false, true, false, false)] // no dashboard
    [InlineData(Address, false, false, true, false, false)] // --open-browser false
    [InlineData(Address, true, true, true, false, false)] // a program reads the output
    [InlineData(Address, true, false, false, false, false)] // nowhere to open it
    [InlineData(Address, true, false, true, true, false)] // the IDE does
    public void It_opens_for_somebody_who_can_see_it(string? address, bool allowed, bool redirected, bool hasBrowser, bool byItself, bool opens) =>
        Browser.ShouldOpen(address, allowed, redirected, new Browser.Screen(hasBrowser, byItself)).ShouldBe(opens);

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(true, "SSH_CONNECTION", false)]
    [InlineData(false, "", false)]
    [InlineData(false, "DISPLAY", true)]
    [InlineData(false, "WAYLAND_DISPLAY", true)]
    [InlineData(false, "SSH_CONNECTION DISPLAY", true)]
    public void A_desktop_is_told_by_the_system_and_its_environment(bool isDesktopSystem, string set, bool hasBrowser) =>
        Browser.Screen.Of(isDesktopSystem, isInteractive: true, Environment(set)).ShouldBe(new Browser.Screen(hasBrowser, OpensByItself: false));

    [Fact]
    public void An_IDE_is_told_by_its_debug_session() =>
        Browser.Screen.Of(true, isInteractive: true, Environment("DEBUG_SESSION_PORT")).OpensByItself.ShouldBeTrue();

    private static Func<string, string?> Environment(string set) => name => set.Split(' ').Contains(name) ? "1" : null;
}
