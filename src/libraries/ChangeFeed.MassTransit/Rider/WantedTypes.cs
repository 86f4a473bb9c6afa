using System.Collections.Concurrent;
using ChangeFeed.EventStore;
using MassTransit;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>
/// Notes which message types have consumers or sagas. An object of its own: the endpoint configurator already implements this observer
/// interface, and doing it there as well silently disables <c>UseMessageRetry</c>.
/// </summary>
internal sealed class WantedTypes : IConsumerConfigurationObserver, ISagaConfigurationObserver, IHandlerConfigurationObserver
{
    private readonly HashSet<Type> _consumed = [];
    private readonly ConcurrentDictionary<Type, bool> _wanted = new();

    /// <summary>True when at least one consumer is configured.</summary>
    public bool Any => _consumed.Count > 0;

    public bool Contains(Type type) =>
        _wanted.GetOrAdd(type, candidate => _consumed.Any(consumed => consumed == typeof(RecordedEvent) || consumed.IsAssignableFrom(candidate)));

    /// <summary>The stored names of what is consumed; null where that is every event.</summary>
    public IReadOnlyCollection<string>? NamesIn(EventTypeMap types) =>
        _consumed.Contains(typeof(RecordedEvent)) ? null : NamesIn(types, Contains);

    /// <summary>The stored names of types.</summary>
    public static IReadOnlyCollection<string> NamesIn(EventTypeMap types, Func<Type, bool> isOne) =>
        [.. types.Names.Where(name => types.TryGetClrType(name, out var clr) && isOne(clr))];

    void IConsumerConfigurationObserver.ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator) =>
        _consumed.Add(typeof(TMessage));

    void ISagaConfigurationObserver.SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator) =>
        _consumed.Add(typeof(TMessage));

    void IHandlerConfigurationObserver.HandlerConfigured<TMessage>(IHandlerConfigurator<TMessage> configurator) =>
        _consumed.Add(typeof(TMessage));

    void IConsumerConfigurationObserver.ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
    {
    }

    void ISagaConfigurationObserver.SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
    {
    }

    void ISagaConfigurationObserver.StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
    {
    }
}
