using System.Diagnostics.CodeAnalysis;
using ChangeFeed.EventStore;
using MassTransit;
using MassTransit.Metadata;
using MassTransit.Serialization;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Hands the bound event to the consumers: as its own type, as any type it implements, or with its place and origin as
/// <see cref="RecordedEvent"/>.</summary>
internal sealed class EventSerializerContext(RecordedEvent e, ReceiveContext receive)
    : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, new EventMessageContext(e, receive), [MessageUrn.ForTypeString(e.Data.GetType())])
{
    public override bool IsSupportedMessageType<T>() => IsSupportedMessageType(typeof(T));

    public override bool IsSupportedMessageType(Type messageType) => messageType == typeof(RecordedEvent) || messageType.IsInstanceOfType(e.Data);

    public override bool TryGetMessage<T>(out T? message)
        where T : class
    {
        message = e.Data as T ?? e as T;
        return message is not null;
    }

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
    {
        message = messageType.IsInstanceOfType(e.Data) ? e.Data : messageType == typeof(RecordedEvent) ? e : null;
        return message is not null;
    }

    public override IMessageSerializer GetMessageSerializer() => throw NotForwarded();

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => throw NotForwarded();

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => throw NotForwarded();

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => throw NotForwarded();

    private static NotSupportedException NotForwarded() =>
        new("An event cannot be forwarded or redelivered as a message: it stands in its stream. Publish a message made from it.");
}

/// <summary>The identities of an event under the names MassTransit uses.</summary>
internal sealed class EventMessageContext(RecordedEvent e, ReceiveContext receive) : MessageContext
{
    public Guid? MessageId => e.Meta.EventId;

    public Guid? RequestId => null;

    public Guid? CorrelationId => Guid.TryParse(e.Meta.CorrelationId, out var id) ? id : null;

    public Guid? ConversationId => CorrelationId;

    public Guid? InitiatorId => e.Meta.CausationId;

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => null;

    public Uri? DestinationAddress => receive.InputAddress;

    public Uri? ResponseAddress => null;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => e.Meta.At.UtcDateTime;

    public Headers Headers => EmptyHeaders.Instance;

    public HostInfo Host => HostMetadataCache.Empty;
}
