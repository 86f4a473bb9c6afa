using System.Net;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Goes into the HTTP client of a Cosmos client in gateway mode. Endpoints of one process that stand at the same place of a feed ask for the same
/// page: the first asks the store, and its answer is the others' too. Each keeps its own lease, place and parked streams; only the request is shared.
/// <para>
/// Only reads that <see cref="ChangeFeedRequestHandler"/> has held open. What went wrong is nobody else's: the others then ask for themselves.
/// </para>
/// </summary>
/// <param name="inner">Sends requests.</param>
/// <param name="time">The clock.</param>
public sealed class SharedFeedReads(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    private const int MaxAnswers = 64;
    private const int MaxBytes = 4 * 1024 * 1024;

    // Who comes later reads what is there now: documents may have been deleted.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    // What an answer depends on, beside its address.
    private static readonly string[] Asked =
    [
        "A-IM", "If-None-Match", "If-Modified-Since", "x-ms-documentdb-partitionkeyrangeid", "x-ms-start-epk", "x-ms-end-epk", "x-ms-documentdb-partitionkey",
        "x-ms-max-item-count", ChangeFeedRequestHandler.HoldHeader, ChangeFeedRequestHandler.LingerHeader, ChangeFeedRequestHandler.WakeHeader,
    ];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<Answer?>> _asking = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private long _bytes;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.Contains(ChangeFeedRequestHandler.HoldHeader))
            return await base.SendAsync(request, cancellationToken);

        var key = KeyOf(request);
        TaskCompletionSource<Answer?> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Answer?>? theirs;
        lock (_lock)
        {
            if (Find(key) is { } known)
                return known.ToResponse(request);
            if (!_asking.TryGetValue(key, out theirs))
                _asking[key] = mine.Task;
        }

        if (theirs is null)
            return await AskAsync(key, mine, request, cancellationToken);
        return await theirs.WaitAsync(cancellationToken) is { } answer
            ? answer.ToResponse(request)
            : await base.SendAsync(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> AskAsync(
        string key, TaskCompletionSource<Answer?> asking, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Answer? answer = null;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotModified))
                return response;
            using (response)
                answer = await Answer.ReadAsync(response, time.GetTimestamp(), cancellationToken);
            return answer.ToResponse(request);
        }
        finally
        {
            lock (_lock)
            {
                _asking.Remove(key);
                if (answer is { Status: HttpStatusCode.OK })
                    Keep(key, answer);
            }

            asking.SetResult(answer);
        }
    }

    private static string KeyOf(HttpRequestMessage request) => string.Join('\n', Asked
        .Select(name => request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "")
        .Prepend(request.RequestUri!.AbsoluteUri));

    private Answer? Find(string key)
    {
        while (_order.TryPeek(out var oldest) && time.GetElapsedTime(_answers[oldest].At) > MaxAge)
            Drop();
        return _answers.GetValueOrDefault(key);
    }

    private void Keep(string key, Answer answer)
    {
        if (answer.Content.Length > MaxBytes / 2 || !_answers.TryAdd(key, answer))
            return;
        _order.Enqueue(key);
        _bytes += answer.Content.Length;
        while (_order.Count > MaxAnswers || _bytes > MaxBytes)
            Drop();
    }

    private void Drop()
    {
        var oldest = _order.Dequeue();
        _bytes -= _answers[oldest].Content.Length;
        _answers.Remove(oldest);
    }

    /// <summary>An answer that can be given any number of times.</summary>
    private sealed record Answer(
        HttpStatusCode Status, byte[] Content, IReadOnlyList<KeyValuePair<string, IEnumerable<string>>> Headers,
        IReadOnlyList<KeyValuePair<string, IEnumerable<string>>> ContentHeaders, long At)
    {
        public static async Task<Answer> ReadAsync(HttpResponseMessage response, long at, CancellationToken cancellationToken) => new(
            response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), [.. response.Headers], [.. response.Content.Headers], at);

        public HttpResponseMessage ToResponse(HttpRequestMessage request)
        {
            var response = new HttpResponseMessage(Status) { RequestMessage = request, Content = new ByteArrayContent(Content) };
            foreach (var (name, values) in Headers)
                response.Headers.TryAddWithoutValidation(name, values);
            foreach (var (name, values) in ContentHeaders)
                response.Content.Headers.TryAddWithoutValidation(name, values);
            return response;
        }
    }
}
