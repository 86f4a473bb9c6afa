using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.Outward;

namespace Orders.Sinks.Tests.Support;

/// <summary>A bus and one who listens to it. What is outside is what that one was told, each id once, in the order in which it came.</summary>
internal abstract class BusOutside : OrdersOutside<OutwardOrder>
{
    private readonly Dictionary<int, Listener> _listeners = new() { [1] = new(), [2] = new() };
    private readonly ServiceProvider _services;

    protected BusOutside(BusOptions options)
        : base(new OutwardProjection(OutwardProjection.Bus))
    {
        Options = options;
        _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddOutwardBus(options).BuildServiceProvider();
    }

    protected BusOptions Options { get; }

    protected Trouble Trouble { get; private set; } = new();

    protected IBus Bus => _services.GetRequiredService<IOutwardBus>();

    // Nothing personal is told, so nothing has to be taken back.
    public override object? Erase => null;

    public virtual async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StartAsync(TestContext.Current.CancellationToken);
        foreach (var (generation, listener) in _listeners)
            await ListenAsync(Sink.NameOf(Options.Exchange, generation), listener);
    }

    public override Sink Define(Trouble trouble, SinkOptions options, int generation)
    {
        Trouble = trouble;
        return Sink.OfDocuments(
            new OutwardProjection(OutwardProjection.Bus),
            _ => trouble.Around(_services.OutwardBusSink(generation), document => document.Key),
            options,
            generation: generation);
    }

    public override Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation) => Task.FromResult(_listeners[generation].Orders());

    public override IReadOnlyDictionary<string, string> Expected(IEnumerable<IReadOnlyList<RecordedEvent>> streams) => ToldOf(streams);

    /// <summary>What others are to be told of each order, as <see cref="Listener.Orders"/> has it.</summary>
    public static IReadOnlyDictionary<string, string> ToldOf(IEnumerable<IReadOnlyList<RecordedEvent>> streams) => streams
        .ToDictionary(stream => stream[0].StreamId, stream => string.Join('\n', Told(stream).Select(Listener.Line)));

    public override async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    /// <summary>From now on what is told there is heard.</summary>
    protected abstract Task ListenAsync(string exchange, Listener listener);

    private static IEnumerable<Announcement> Told(IReadOnlyList<RecordedEvent> stream)
    {
        var (projection, order) = (new OutwardProjection(OutwardProjection.Bus), default(OutwardOrder));
        foreach (var e in stream)
        {
            order = projection.Apply(order, e);
            if (order?.Announcement is { } told)
                yield return told;
        }
    }
}

/// <summary>The bus in memory. It is never away while its process is there, so that is played.</summary>
internal sealed class MemoryBusOutside() : BusOutside(new BusOptions { Exchange = $"orders-{Guid.NewGuid():N}" })
{
    public override Task TakeDownAsync()
    {
        Trouble.Before = _ => throw new SinkUnavailableException("The bus is away, as the test says.");
        return Task.CompletedTask;
    }

    public override Task BringBackAsync()
    {
        Trouble.Before = _ => Task.CompletedTask;
        return Task.CompletedTask;
    }

    protected override async Task ListenAsync(string exchange, Listener listener)
    {
        var endpoint = Bus.ConnectReceiveEndpoint($"{exchange}-listener", configure =>
        {
            configure.ConfigureConsumeTopology = false;
            ((IInMemoryReceiveEndpointConfigurator)configure).Bind(exchange, MassTransit.Transports.Fabric.ExchangeType.Topic, "#");
            configure.Handler<Announcement>(context =>
            {
                listener.Hear(context.ReceiveContext.GetBody());
                return Task.CompletedTask;
            });
            configure.ConcurrentMessageLimit = 1;
        });
        await endpoint.Ready;
    }
}
