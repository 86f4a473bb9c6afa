using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ChangeFeed.Emulator.Tests.Endpoints.Management;

/// <summary>Who may use <c>/_emulator</c>: the owner of the key, and no page in a browser.</summary>
public sealed class AccessTests
{
    private static readonly string OwnKey = Convert.ToBase64String("a key of one's own"u8);

    public static TheoryData<string, string> Controls => new()
    {
        { "GET", "stats" },
        { "GET", "faults" },
        { "POST", "faults" },
        { "DELETE", "faults" },
        { "GET", "throttle" },
        { "PUT", "throttle" },
        { "DELETE", "throttle" },
        { "POST", "containers/d/c/split/0" },
        { "POST", "anything/else" },
    };

    [Theory]
    [MemberData(nameof(Controls))]
    public async Task A_key_of_ones_own_closes_every_control(string method, string control)
    {
        await using var host = await StartAsync(OwnKey);

        (await StatusAsync(host, Request(method, control))).ShouldBe(HttpStatusCode.Unauthorized);
        var wrong = Request(method, control);
        wrong.Headers.Authorization = new("Bearer", EmulatorOptions.WellKnownKey);
        (await StatusAsync(host, wrong)).ShouldBe(HttpStatusCode.Unauthorized);
        await NothingIsInjectedAsync(host, OwnKey);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("api-key")]
    [InlineData("signature")]
    public async Task The_key_opens_them_in_three_ways(string way)
    {
        await using var host = await StartAsync(OwnKey);
        var request = Request("POST", "faults");
        switch (way)
        {
            case "Bearer":
                request.Headers.Authorization = new("Bearer", OwnKey);
                break;
            case "api-key":
                request.Headers.Add("api-key", OwnKey);
                break;
            default:
                Sign(request, "_emulator", "_emulator/faults", OwnKey);
                break;
        }

        (await StatusAsync(host, request)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_signature_with_another_key_is_refused()
    {
        await using var host = await StartAsync(OwnKey);
        var request = Request("POST", "faults");
        Sign(request, "_emulator", "_emulator/faults", EmulatorOptions.WellKnownKey);

        (await StatusAsync(host, request)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Health_needs_no_key()
    {
        await using var host = await StartAsync(OwnKey);

        foreach (var path in (string[])["_emulator/health", "health", "alive"])
            (await StatusAsync(host, new(HttpMethod.Get, path))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Controls))]
    public async Task No_page_in_a_browser_reaches_a_control_though_the_key_is_public(string method, string control)
    {
        await using var host = await StartAsync();

        foreach (var (name, value) in new[] { ("Origin", "https://example.com"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "no-cors") })
        {
            var request = Request(method, control);
            request.Headers.Add(name, value);
            request.Headers.Authorization = new("Bearer", EmulatorOptions.WellKnownKey);
            (await StatusAsync(host, request)).ShouldBe(HttpStatusCode.Forbidden, $"{name}: {value}");
        }
        await NothingIsInjectedAsync(host, EmulatorOptions.WellKnownKey);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task A_body_that_is_not_declared_as_json_is_refused(string? type)
    {
        await using var host = await StartAsync();
        var request = Request("POST", "faults");
        request.Content!.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        (await StatusAsync(host, request)).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await NothingIsInjectedAsync(host, EmulatorOptions.WellKnownKey);
    }

    [Fact]
    public async Task A_link_to_the_statistics_can_be_followed()
    {
        await using var host = await StartAsync();
        var request = Request("GET", "stats");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");

        (await StatusAsync(host, request)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Under_a_name_that_is_not_this_machines_the_public_key_has_to_be_shown()
    {
        await using var host = await StartAsync();
        var request = Request("GET", "stats");
        request.Headers.Host = "rebound.example.com";
        (await StatusAsync(host, request)).ShouldBe(HttpStatusCode.Unauthorized);

        var shown = Request("GET", "stats");
        shown.Headers.Host = "cosmos:8081";
        shown.Headers.Authorization = new("Bearer", EmulatorOptions.WellKnownKey);
        (await StatusAsync(host, shown)).ShouldBe(HttpStatusCode.OK);
    }

    private static Task<EmulatorHost> StartAsync(string key = EmulatorOptions.WellKnownKey) =>
        EmulatorHost.StartAsync(new() { Port = 0, InMemory = true, Key = key });

    private static HttpRequestMessage Request(string method, string control) => new(new(method), $"_emulator/{control}")
    {
        Content = method is "POST" or "PUT" ? JsonContent.Create(new { status = 503, path = "never" }) : null,
    };

    private static void Sign(HttpRequestMessage request, string type, string link, string key)
    {
        var date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
        var text = $"{request.Method.Method.ToLowerInvariant()}\n{type}\n{link}\n{date.ToLowerInvariant()}\n\n";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
        request.Headers.Add("x-ms-date", date);
        request.Headers.TryAddWithoutValidation("authorization", Uri.EscapeDataString($"type=master&ver=1.0&sig={signature}"));
    }

    private static async Task<HttpStatusCode> StatusAsync(EmulatorHost host, HttpRequestMessage request)
    {
        using var http = new HttpClient { BaseAddress = host.Endpoint };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task NothingIsInjectedAsync(EmulatorHost host, string key)
    {
        using var http = new HttpClient { BaseAddress = host.Endpoint };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        (await http.GetFromJsonAsync<JsonElement>("_emulator/faults")).GetArrayLength().ShouldBe(0);
    }
}
