using System.Diagnostics;
using OpenTelemetry.Logs;
using Orders.Contracts;
using Orders.Hosting;
using static Orders.Testing.OrderStream;

namespace ChangeFeed.ServiceDefaults.Tests;

public sealed class LogsTests
{
    private static readonly ActivitySource Caller = new("ChangeFeed.Tests");

    [Fact]
    public async Task A_line_about_an_event_tells_which_and_belongs_to_its_trace()
    {
        await using var service = await TracedService.StartAsync();
        using var request = Caller.StartActivity("POST /orders", ActivityKind.Server).ShouldNotBeNull();
        var id = await service.Service.AppendAsync(Placed());
        await service.Service.StreamEndingWithAsync<TaxCalculated>(id);
        await Eventually.UntilAsync(() => Task.FromResult(service.Logs.Any(IsReaction)));

        var line = service.Logs.Single(IsReaction);
        line.TraceId.ShouldBe(request.TraceId);
        line.SpanId.ShouldNotBe(default);
        line.FormattedMessage.ShouldNotBeNull().ShouldContain(id);
        var scope = Scope(line);
        scope["StreamId"].ShouldBe(id);
        scope["EventType"].ShouldBe(nameof(OrderPlaced));
        scope["Version"].ShouldBe(0L);
    }

    private static bool IsReaction(LogRecord line) => line.CategoryName == typeof(Reactor).FullName;

    private static Dictionary<string, object?> Scope(LogRecord line)
    {
        var values = new Dictionary<string, object?>();
        line.ForEachScope(
            (scope, all) =>
            {
                foreach (var (name, value) in scope)
                    all[name] = value;
            },
            values);
        return values;
    }
}
