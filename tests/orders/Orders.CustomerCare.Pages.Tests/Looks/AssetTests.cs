using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Orders.CustomerCare.Pages.Tests.Support;

namespace Orders.CustomerCare.Pages.Tests.Looks;

/// <summary>Whatever a page needs to look right is there, wherever customer care runs and however the browser wants it packed.</summary>
public sealed partial class AssetTests(CarePrograms programs) : IClassFixture<CarePrograms>
{
    private static readonly string[] Packings = ["identity", "gzip", "br", "gzip, br", "gzip, deflate, br, zstd"];

    private static readonly Dictionary<string, string> Types = new()
    {
        [".css"] = "text/css",
        [".js"] = "text/javascript",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
    };

    [Theory]
    [InlineData(false, "Production")]
    [InlineData(false, null)]
    [InlineData(false, "Development")]
    [InlineData(true, "Production")]
    [InlineData(true, null)]
    public async Task Everything_a_page_links_is_there_with_its_type_packed_or_not(bool published, string? environment)
    {
        await using var care = await CareProcess.StartAsync(programs.Of(published), environment);
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });

        foreach (var (page, least) in new[] { ("/sign-in", 3), ("/nothing-here", 3), ("/swagger/index.html", 6) })
        {
            var assets = await LinkedAsync(client, new Uri(care.Address, page));
            assets.Count.ShouldBeGreaterThanOrEqualTo(least, page);
            foreach (var asset in assets)
                await IsThereAsync(client, asset);
        }
    }

    private static async Task IsThereAsync(HttpClient client, Uri asset)
    {
        var plain = await client.GetByteArrayAsync(asset, TestContext.Current.CancellationToken);
        foreach (var packing in Packings)
        {
            var what = $"{asset} as {packing}";
            using var request = new HttpRequestMessage(HttpMethod.Get, asset);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", packing);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, what);
            // The older name of JavaScript is what Swagger's page calls its own settings.
            response.Content.Headers.ContentType?.MediaType?.Replace("application/javascript", "text/javascript", StringComparison.Ordinal)
                .ShouldBe(Types[Path.GetExtension(asset.AbsolutePath)], what);
            var unpacked = await UnpackedAsync(response);
            unpacked.ShouldNotBeEmpty(what);
            unpacked.AsSpan().SequenceEqual(plain).ShouldBeTrue(what);
        }
    }

    private static async Task<IReadOnlyList<Uri>> LinkedAsync(HttpClient client, Uri page)
    {
        using var response = await client.GetAsync(page, TestContext.Current.CancellationToken);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        // The pages of customer care name their base; Swagger's count from where they are.
        var origin = html.Contains("<base href=\"/\"", StringComparison.Ordinal) ? new Uri(page, "/") : page;
        var links = Link().Matches(html).Select(match => new Uri(origin, match.Groups[1].Value));
        return [.. links.Where(link => Types.ContainsKey(Path.GetExtension(link.AbsolutePath))).Distinct()];
    }

    private static async Task<byte[]> UnpackedAsync(HttpResponseMessage response)
    {
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using Stream unpacked = response.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            null => body,
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            var other => throw new InvalidOperationException($"Nobody asked for {other}."),
        };
        using var bytes = new MemoryStream();
        await unpacked.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    [GeneratedRegex("""(?:href|src)="([^"#]+)""")]
    private static partial Regex Link();
}
