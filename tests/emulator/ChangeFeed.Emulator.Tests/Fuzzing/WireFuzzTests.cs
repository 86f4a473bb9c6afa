using System.Net.Sockets;
using System.Text;

namespace ChangeFeed.Emulator.Tests.Fuzzing;

/// <summary>
/// Whatever comes over the wire, as HTTP or not, is answered without a failure of the store or cut off, and the next who asks is served. The data
/// explorer's door is used, since what it lets in needs no signature and is served like anybody's.
/// </summary>
public sealed class WireFuzzTests : IAsyncLifetime
{
    private const string Query = """{"query":"SELECT * FROM c WHERE c.n > @n ORDER BY c.n","parameters":[{"name":"@n","value":1}]}""";

    private static readonly string[] Requests =
    [
        Request("GET", "/dbs"),
        Request("POST", "/dbs", """{"id":"more"}"""),
        Request("POST", "/dbs/fuzz/colls", """{"id":"more","partitionKey":{"paths":["/pk"],"kind":"Hash","version":2}}""", "x-ms-offer-throughput: 400"),
        Request("GET", "/dbs/fuzz/colls/things"),
        Request("PUT", "/dbs/fuzz/colls/things", """{"id":"things","partitionKey":{"paths":["/pk"]},"defaultTtl":100}"""),
        Request("GET", "/dbs/fuzz/colls/things/pkranges"),
        Request("POST", "/dbs/fuzz/colls/things/docs", """{"id":"2","pk":"a","n":1}""", "x-ms-documentdb-partitionkey: [\"a\"]", "x-ms-documentdb-is-upsert: true"),
        Request("GET", "/dbs/fuzz/colls/things/docs/1", "", "x-ms-documentdb-partitionkey: [\"a\"]", "If-None-Match: \"0\""),
        Request("PUT", "/dbs/fuzz/colls/things/docs/1", """{"id":"1","pk":"a","n":2}""", "x-ms-documentdb-partitionkey: [\"a\"]", "If-Match: *"),
        Request("PATCH", "/dbs/fuzz/colls/things/docs/1", """{"operations":[{"op":"incr","path":"/n","value":1}]}""", "x-ms-documentdb-partitionkey: [\"a\"]"),
        Request("DELETE", "/dbs/fuzz/colls/things/docs/2", "", "x-ms-documentdb-partitionkey: [\"a\"]"),
        Request(
            "POST", "/dbs/fuzz/colls/things/docs", """[{"operationType":"Create","id":"3","resourceBody":{"id":"3","pk":"a"}},{"operationType":"Read","id":"1"}]""",
            "x-ms-documentdb-partitionkey: [\"a\"]", "x-ms-cosmos-is-batch-request: True", "x-ms-cosmos-batch-atomic: True"),
        Request(
            "POST", "/dbs/fuzz/colls/things/docs", Query, "x-ms-documentdb-isquery: True", "Content-Type: application/query+json",
            "x-ms-documentdb-query-enablecrosspartition: True", "x-ms-max-item-count: 2"),
        Request(
            "POST", "/dbs/fuzz/colls/things/docs", Query, "x-ms-cosmos-is-query-plan-request: True", "Content-Type: application/query+json",
            "x-ms-cosmos-supported-query-features: Aggregate"),
        Request(
            "GET", "/dbs/fuzz/colls/things/docs", "", "A-IM: Incremental feed", "x-ms-documentdb-partitionkeyrangeid: 0", "If-None-Match: \"1\"",
            "x-ms-max-item-count: 5"),
        Request("GET", "/dbs/fuzz/colls/things/docs", "", "x-ms-continuation: 3", "x-ms-session-token: 0:-1#5", "x-ms-start-epk: 00", "x-ms-end-epk: FF"),
        Request("GET", "/offers"),
        Request("POST", "/offers", """{"query":"SELECT * FROM root o"}""", "x-ms-documentdb-isquery: True", "Content-Type: application/query+json"),
    ];

    private readonly HttpClient _http = new();
    private EmulatorHost _host = null!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        _host = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 2 });
        await RestoreAsync();
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _host.DisposeAsync();
    }

    [Fact]
    public Task Made_up_requests_break_nothing() => FuzzRun.RunAsync(async random =>
    {
        var request = random.Next(3) == 0
            ? Mutations.Bytes(random, Requests[random.Next(Requests.Length)])
            : WithLength(Mutations.Words(random, Requests), random);
        var answer = await SendAsync(request, TimeSpan.FromSeconds(15));
        if (answer is { Length: > 0 } && !IsWell(answer))
            return $"{answer} to: {Encoding.UTF8.GetString(request)}";
        return await IsServedAsync() ? null : $"nobody is served after: {Encoding.UTF8.GetString(request)}";
    });

    private static string Request(string method, string path, string body = "", params string[] headers) => new StringBuilder()
        .Append($"{method} /_explorer/api{path} HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2020-07-15\r\n")
        .AppendJoin("", headers.Select(header => $"{header}\r\n"))
        .Append(body.Length == 0 ? "" : $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n")
        .Append($"\r\n{body}")
        .ToString();

    /// <summary>Most of them with the length they have, so that what is behind the headers is looked at.</summary>
    private static byte[] WithLength(string request, Random random)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || random.Next(5) == 0)
            return Encoding.UTF8.GetBytes(request);
        var lines = request[..end].Split("\r\n").Where(line => !line.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase));
        var body = Encoding.UTF8.GetBytes(request[(end + 4)..]);
        return [.. Encoding.UTF8.GetBytes($"{string.Join("\r\n", lines)}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
    }

    // 501 names what is not there, 505 is the web server's.
    private static bool IsWell(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && (answer[9] != '5' || answer[9..12] is "501" or "505");

    private async Task<bool> IsServedAsync()
    {
        using var answer = await _http.GetAsync(new Uri(_host.Endpoint, "/_explorer/api/dbs/fuzz/colls/things"));
        if ((int)answer.StatusCode is not (200 or 404))
            return false;
        await RestoreAsync();
        return true;
    }

    /// <summary>What requests may have deleted.</summary>
    private async Task RestoreAsync()
    {
        foreach (var (path, body) in new[]
        {
            ("/dbs", """{"id":"fuzz"}"""),
            ("/dbs/fuzz/colls", """{"id":"things","partitionKey":{"paths":["/pk"],"kind":"Hash","version":2}}"""),
            ("/dbs/fuzz/colls/things/docs", """{"id":"1","pk":"a","n":1}"""),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Endpoint, $"/_explorer/api{path}"));
            request.Headers.TryAddWithoutValidation("x-ms-documentdb-partitionkey", "[\"a\"]");
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            using var answer = await _http.SendAsync(request);
            ((int)answer.StatusCode).ShouldBeLessThan(500);
        }
    }

    /// <summary>What is answered until the other side closes, or nothing more comes; null when nothing came.</summary>
    private async Task<string?> SendAsync(byte[] request, TimeSpan patience)
    {
        using var socket = new TcpClient { NoDelay = true };
        using var end = new CancellationTokenSource(patience);
        await socket.ConnectAsync(_host.Endpoint.Host, _host.Endpoint.Port, end.Token);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(request, end.Token);
            socket.Client.Shutdown(SocketShutdown.Send);
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, end.Token);
            return Encoding.UTF8.GetString(answer.ToArray());
        }
        catch (IOException)
        {
            return null; // cut off
        }
        catch (SocketException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"no answer in {patience.TotalSeconds:0} s";
        }
    }
}
