using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bench.Pipeline.Tracing;

/// <summary>Takes telemetry over OTLP (gRPC) as any collector does, and keeps the spans.</summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const int PrefixLength = 5;

    private readonly WebApplication _app;
    private ConcurrentQueue<Span> _spans = new();

    private SpanCollector(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<SpanCollector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var collector = new SpanCollector(builder.Build());
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>All spans since the last time this was asked.</summary>
    public IReadOnlyCollection<Span> Take() => Interlocked.Exchange(ref _spans, new ConcurrentQueue<Span>());

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (http.Request.Path == Traces)
        {
            foreach (var span in Span.ReadAll(body.GetBuffer().AsSpan(PrefixLength, (int)body.Length - PrefixLength)))
                _spans.Enqueue(span);
        }

        // An empty message and success: nothing of it was rejected.
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[PrefixLength]);
        http.Response.AppendTrailer("grpc-status", "0");
    }
}
