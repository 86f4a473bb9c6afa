using System.Net;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>Asks a process for its health until it is healthy.</summary>
sealed class HealthCheck : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <param name="instance">The process; one without a health check counts as healthy.</param>
    /// <param name="unhealthy">Told what the answer was, each time it was another one than healthy.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task WaitAsync(Instance instance, Action<string> unhealthy, CancellationToken cancellation)
    {
        if (instance is not { Port: { } port, Project.HealthPath: { } path }) return;
        var url = $"http://{IPAddress.Loopback}:{port}{path}";
        while (await AskAsync(url, cancellation) is { } answer)
        {
            unhealthy(answer);
            await Task.Delay(Pause, cancellation);
        }
    }

    public void Dispose() => _client.Dispose();

    async Task<string?> AskAsync(string url, CancellationToken cancellation)
    {
        try
        {
            using var response = await _client.GetAsync(url, cancellation);
            return response.IsSuccessStatusCode ? null : $"GET {url} answers {(int)response.StatusCode} {response.ReasonPhrase}";
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return $"GET {url} gets no answer";
        }
    }
}
