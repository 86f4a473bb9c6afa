using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Orders.CustomerCare.Tests.Pages;

/// <summary>A client that sends the forms of pages, keeps cookies as a browser does, and follows no redirect.</summary>
internal sealed partial class PageClient(WebApplicationFactory<Program> service)
{
    private readonly HttpClient _client = service.CreateClient(
        new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });

    /// <summary>What it would send along, by name.</summary>
    public Dictionary<string, string> Cookies { get; init; } = [];

    /// <summary>Another browser with the same cookies.</summary>
    public PageClient Copy() => new(service) { Cookies = new Dictionary<string, string>(Cookies) };

    public Task<HttpResponseMessage> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Looks at a page and sends the form on it.</summary>
    /// <param name="address">The page.</param>
    /// <param name="form">Name of the form.</param>
    /// <param name="fields">What is typed into it.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string address, string form, params (string Name, string Value)[] fields)
    {
        var html = await TextAsync(await GetAsync(address));
        var hidden = Hidden().Matches(html)
            .Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value))).DistinctBy(field => field.Item1).ToList();
        return await PostAsync(address, [("_handler", form), .. hidden.Where(field => field.Item1 != "_handler"), .. fields]);
    }

    public Task<HttpResponseMessage> PostAsync(string address, params (string Name, string Value)[] fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        });

    public Task<HttpResponseMessage> SignInAsync(string key, string address = "/sign-in") =>
        SubmitAsync(address, "sign-in", ("Secret", key));

    public static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            if (cookie.Split(';')[0].Split('=', 2) is [var name, { Length: > 0 } value])
                Cookies[name] = value;
            else
                Cookies.Remove(cookie.Split('=')[0]);
        return response;
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)""")]
    private static partial Regex Hidden();
}
