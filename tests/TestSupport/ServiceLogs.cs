using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace TestSupport;

/// <summary>What the services of a running system print, from the start on and across restarts.</summary>
internal sealed partial class ServiceLogs : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Service, string Text)> _lines = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly DistributedApplication _application;
    private readonly Task _reading;

    public ServiceLogs(DistributedApplication application)
    {
        _application = application;
        _reading = UntilStoppedAsync(ReadAllAsync);
    }

    public IEnumerable<(string Service, string Text)> Lines => _lines;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    // The logs are kept by process, and which processes there are shows only as they start.
    private async Task ReadAllAsync()
    {
        var readers = new Dictionary<string, Task>();
        try
        {
            await foreach (var change in _application.ResourceNotifications.WatchAsync(_stop.Token))
                if (change.Resource.IsService() && !readers.ContainsKey(change.ResourceId))
                    readers[change.ResourceId] = UntilStoppedAsync(() => ReadAsync(change.Resource.Name, change.ResourceId));
        }
        finally
        {
            await Task.WhenAll(readers.Values);
        }
    }

    private async Task ReadAsync(string service, string id)
    {
        var logs = _application.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var page in logs.WatchAsync(id).WithCancellation(_stop.Token))
            foreach (var line in page)
                _lines.Enqueue((service, Colour().Replace(line.Content, "")));
    }

    // Aspire has the services write their colours although nobody looks at a terminal.
    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();

    private async Task UntilStoppedAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
