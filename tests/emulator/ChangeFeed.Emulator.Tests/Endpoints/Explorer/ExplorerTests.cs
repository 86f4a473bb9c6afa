using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace ChangeFeed.Emulator.Tests.Endpoints.Explorer;

/// <summary>What the data explorer lets through, asked without a browser.</summary>
public sealed partial class ExplorerTests
{
    private static readonly string OwnKey = Convert.ToBase64String("a key of one's own"u8);

    public static TheoryData<string, string> Writes => new()
    {
        { "POST", "dbs" },
        { "DELETE", "dbs/d" },
        { "POST", "dbs/d/colls" },
        { "PUT", "dbs/d/colls/c" },
        { "DELETE", "dbs/d/colls/c" },
        { "POST", "dbs/d/colls/c/docs" },
        { "PUT", "dbs/d/colls/c/docs/1" },
        { "PATCH", "dbs/d/colls/c/docs/1" },
        { "DELETE", "dbs/d/colls/c/docs/1" },
        { "POST", "_emulator/containers/d/c/split/0" },
        { "POST", "_emulator/faults" },
        { "PUT", "_emulator/throttle" },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task One_that_only_reads_refuses_whatever_changes_something(string method, string path)
    {
        await using var host = await StartAsync(options => options with { Explorer = ExplorerMode.ReadOnly });
        foreach (var header in (string?[])[null, "x-ms-cosmos-is-batch-request"])
        {
            var request = Api(method, path);
            request.Content = JsonContent.Create(new { id = "d" });
            if (header is not null)
                request.Headers.Add(header, "True");

            var (status, body) = await SendAsync(host, request);

            status.ShouldBe(HttpStatusCode.Forbidden);
            body.ShouldContain("only reads");
        }
        (await SendAsync(host, Api("GET", "dbs"))).Body.ShouldContain("\"_count\":0");
    }

    [Fact]
    public async Task Switched_off_there_is_neither_page_nor_data()
    {
        await using var host = await StartAsync(options => options with { Explorer = ExplorerMode.Off });
        foreach (var path in (string[])["_explorer", "_explorer/", "_explorer/main.js", "_explorer/api/dbs"])
            (await SendAsync(host, new(HttpMethod.Get, path))).Status.ShouldBe(HttpStatusCode.NotFound, path);

        var typed = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { "Accept", "text/html" } } };
        (await SendAsync(host, typed)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Pages_of_others_are_refused_whatever_key_they_show(string header, string value)
    {
        await using var host = await StartAsync();
        foreach (var method in (string[])["GET", "POST"])
        {
            var request = Api(method, "dbs");
            request.Headers.Add(header, value);
            request.Headers.Authorization = new("Bearer", EmulatorOptions.WellKnownKey);

            (await SendAsync(host, request)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task A_page_under_a_name_that_was_made_to_point_here_is_refused_where_the_key_is_public()
    {
        foreach (var (key, expected) in new[] { (EmulatorOptions.WellKnownKey, HttpStatusCode.Forbidden), (OwnKey, HttpStatusCode.OK) })
        {
            await using var host = await StartAsync(options => options with { Key = key });
            var request = Api("GET", "dbs");
            request.Headers.Host = "rebound.example.com";
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Authorization = new("Bearer", key);

            (await SendAsync(host, request)).Status.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Its_own_page_is_let_in_with_the_key_alone()
    {
        await using var host = await StartAsync(options => options with { Key = OwnKey });
        foreach (var (key, expected) in new[] { (null, 401), (EmulatorOptions.WellKnownKey, 401), (OwnKey, 200) })
        {
            var request = Api("GET", "dbs");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Add("Origin", host.Endpoint.GetLeftPart(UriPartial.Authority));
            if (key is not null)
                request.Headers.Authorization = new("Bearer", key);

            ((int)(await SendAsync(host, request)).Status).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Every_file_of_the_page_is_there_and_none_comes_from_elsewhere()
    {
        await using var host = await StartAsync(options => options with { Key = OwnKey });
        using var http = new HttpClient { BaseAddress = host.Endpoint };
        var wanted = new Queue<string>(["/_explorer/"]);
        var seen = new HashSet<string>();
        while (wanted.TryDequeue(out var path))
        {
            if (!seen.Add(path))
                continue;
            using var answer = await http.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self';");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            var text = await answer.Content.ReadAsStringAsync();
            text.Replace("http://www.w3.org/2000/svg", "").ShouldNotContain("//www.", Case.Insensitive);
            Absolute().IsMatch(text).ShouldBeFalse(path);
            foreach (Match link in Link().Matches(text))
                wanted.Enqueue($"/_explorer/{link.Groups[1].Value}");
        }
        seen.Count.ShouldBe(typeof(EmulatorHost).Assembly.GetManifestResourceNames().Count(name => name.StartsWith("Explorer/")));

        (await http.GetAsync("_explorer/../etc/passwd")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.GetAsync("_explorer/nothing.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Faults_and_delays_are_for_clients_and_not_for_who_looks_at_what_they_do()
    {
        await using var host = await StartAsync(options => options with { Latency = TimeSpan.FromMinutes(10) });
        (await SendAsync(host, new(HttpMethod.Post, "_emulator/faults") { Content = JsonContent.Create(new { status = 503 }) })).Status
            .ShouldBe(HttpStatusCode.NoContent);

        (await SendAsync(host, Api("GET", "dbs"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static HttpRequestMessage Api(string method, string path) => new(new(method), $"_explorer/api/{path}");

    private static Task<EmulatorHost> StartAsync(Func<EmulatorOptions, EmulatorOptions>? configure = null)
    {
        var options = new EmulatorOptions { Port = 0, InMemory = true };
        return EmulatorHost.StartAsync(configure?.Invoke(options) ?? options);
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(EmulatorHost host, HttpRequestMessage request)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Endpoint };
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("""(?:(?:href|src)="/_explorer/|from "\./)([a-z]+\.[a-z]+)""")]
    private static partial Regex Link();

    [GeneratedRegex("""(?:href|src|url\(|from )\s*["']?(?:https?:)?//""")]
    private static partial Regex Absolute();
}
