using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChangeFeed.Testing.Hostility;

/// <summary>
/// Sends hostile requests and looks at the answers: none may be a failure of the service, none may take long, and an error must be problem
/// details that name the field. <c>HOSTILE_SEED</c> repeats a run; <c>HOSTILE_MINUTES</c> makes it as long as one likes.
/// </summary>
public sealed class HostileRun(HttpClient client)
{
    private const int Least = 300;
    private const int Usual = 3000;
    private const int SideBySide = 4;
    private const int EnoughProblems = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(15);

    private readonly ConcurrentBag<string> _problems = [];
    private readonly ConcurrentDictionary<(string Operation, int Status), int> _answers = new();

    /// <summary>Says which requests are sent: the given seed, or a random one.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("HOSTILE_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();

    private static TimeSpan? Long { get; } = double.TryParse(
        Environment.GetEnvironmentVariable("HOSTILE_MINUTES"), CultureInfo.InvariantCulture, out var minutes)
        ? TimeSpan.FromMinutes(minutes)
        : null;

    /// <summary>The OpenAPI document of the service.</summary>
    public async Task<JsonObject> DocumentAsync() =>
        JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!.AsObject();

    /// <summary>Sends them until there were enough, and fails with all that is wrong.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="share">The share of the usual number and time this run may take.</param>
    public async Task SendAsync(HostileRequests requests, double share = 1)
    {
        TestContext.Current.SendDiagnosticMessage($"HOSTILE_SEED={Seed}");
        TestContext.Current.TestOutputHelper?.WriteLine($"HOSTILE_SEED={Seed}");
        var started = Stopwatch.GetTimestamp();
        var number = 0;
        await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(async _ =>
        {
            while (_problems.Count < EnoughProblems)
            {
                var mine = Interlocked.Increment(ref number) - 1;
                if (!GoesOn(mine, started, share))
                    break;
                await SendAsync(requests[mine], mine);
            }
        }));

        foreach (var (answer, count) in _answers.OrderBy(a => a.Key.Operation, StringComparer.Ordinal).ThenBy(a => a.Key.Status))
            TestContext.Current.TestOutputHelper?.WriteLine($"{count,6} × {answer.Status} {answer.Operation}");
        _problems.ShouldBeEmpty($"Repeat it with HOSTILE_SEED={Seed}.");
        requests.Operations.Except(_answers.Keys.Select(a => a.Operation)).ShouldBeEmpty("Nothing was sent there.");
        // Otherwise something in front of the endpoints answered them all.
        _answers.Keys.Select(a => a.Status).ShouldContain(400);
        _answers.Keys.ShouldContain(a => a.Status >= 200 && a.Status < 300);
    }

    private static bool GoesOn(int number, long started, double share)
    {
        var time = Stopwatch.GetElapsedTime(started);
        return Long is { } minutes ? time < minutes : number < Least * share || (number < Usual * share && time < UsualTime * share);
    }

    private async Task SendAsync(HostileRequest request, int number)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var message = request.ToMessage();
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            _answers.AddOrUpdate((request.Operation, status), 1, (_, n) => n + 1);
            if (await ProblemOfAsync(request, status, response, patience.Token) is { } problem)
                _problems.Add($"{number}: {problem}\n{request}\n");
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            _problems.Add($"{number}: not answered within {Patience}\n{request}\n");
        }
    }

    private static async Task<string?> ProblemOfAsync(HostileRequest request, int status, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return null; // goes on as long as one listens
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (status >= 500)
            return $"{status} {body}";
        if (status < 400)
            return null;
        if (response.Content.Headers.ContentType is not MediaTypeHeaderValue { MediaType: "application/problem+json" })
            return $"{status} is no problem details: {response.Content.Headers.ContentType} {body}";
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        if (!problem.TryGetProperty("detail", out var detail) || detail.GetString() is not { Length: > 10 })
            return $"{status} says nothing: {body}";
        // Addresses that lead nowhere, and callers who ask too much, are answered before there is an endpoint.
        if (!request.Statuses.Contains(status) && status is not (404 or 405 or 429))
            return $"{status} is not in the OpenAPI document: {body}";
        if (status != 400)
            return null;
        if (!problem.TryGetProperty("errors", out var errors) || !errors.EnumerateObject().Any())
            return $"400 names no field: {body}";
        return request.Body is not null || errors.EnumerateObject().All(error => request.Fields.Contains(error.Name))
            ? null
            : $"400 names a field that is not there: {body}";
    }
}
