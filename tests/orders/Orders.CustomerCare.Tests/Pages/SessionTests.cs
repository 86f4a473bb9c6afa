using System.Net;
using Microsoft.AspNetCore.Hosting;
using Orders.CustomerCare.Pages.Access;
using Orders.Domain;

namespace Orders.CustomerCare.Tests.Pages;

public sealed class SessionTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private const string Key = "a-long-random-operator-key";

    [Fact]
    public async Task Signing_out_ends_every_copy_of_the_cookie_and_no_other_session()
    {
        var browser = Browser();
        (await browser.SignInAsync(Key)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var copy = browser.Copy();
        var other = browser.Copy();
        other.Cookies.Remove(Session.Cookie);
        await other.SignInAsync(Key);
        (await SaysAsync(copy)).ShouldContain("Signed in");

        (await browser.SubmitAsync("/sign-in", "sign-out")).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        browser.Cookies.ShouldNotContainKey(Session.Cookie);
        (await SaysAsync(copy)).ShouldNotContain("Signed in");
        (await SaysAsync(other)).ShouldContain("Signed in");
    }

    [Theory]
    [InlineData("/services", "/services")]
    [InlineData("/orders/17?at=3", "/orders/17?at=3")]
    [InlineData("//host", "/")]
    [InlineData("/\\host", "/")]
    [InlineData("/\t/host", "/")]
    [InlineData("https://host/", "/")]
    public async Task The_sign_in_leads_back_to_pages_of_this_site_alone(string back, string leadsTo)
    {
        var answer = await Browser().SignInAsync(Key, $"/sign-in?return={Uri.EscapeDataString(back)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.GetValues("Location").ShouldHaveSingleItem().ShouldBe(leadsTo);
    }

    [Fact]
    public async Task The_link_to_the_content_stays_on_the_page_and_on_this_site()
    {
        (await PageClient.TextAsync(await Browser().GetAsync("/sign-in?return=/services"))).ShouldContain("href=\"/sign-in?return=/services#main\"");
        (await PageClient.TextAsync(await Browser().GetAsync("http://localhost//host/nothing"))).ShouldContain("href=\"/#main\"");
    }

    [Fact]
    public void A_session_ends_by_itself()
    {
        var time = new Clock();
        var sessions = new OpenSessions(time);
        var id = sessions.Begin();

        sessions.IsOpen(id).ShouldBeTrue();
        time.Now += OpenSessions.Lifetime;
        sessions.IsOpen(id).ShouldBeFalse();
        sessions.IsOpen(null).ShouldBeFalse();
        sessions.IsOpen("made up").ShouldBeFalse();
    }

    private PageClient Browser() => new(service.WithWebHostBuilder(builder => builder.UseSetting("CustomerCare:Key", Key)));

    private static async Task<string> SaysAsync(PageClient browser) => await PageClient.TextAsync(await browser.GetAsync("/sign-in"));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
