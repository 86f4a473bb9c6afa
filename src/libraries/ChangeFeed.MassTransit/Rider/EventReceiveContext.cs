using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ChangeFeed.EventStore;
using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>An event on its way through MassTransit: already bound, with its place and origin as payloads.</summary>
internal sealed class EventReceiveContext : BaseReceiveContext, IHeaderProvider
{
    private const string ActivityIdHeader = "MT-Activity-Id";

    private readonly RecordedEvent _event;

    public EventReceiveContext(RecordedEvent e, FeedDelivery delivery, ReceiveEndpointContext endpoint, CancellationToken cancellationToken)
        : base(redelivered: false, endpoint, e, delivery)
    {
        _event = e;
        CancellationToken = cancellationToken;
        // Given as a payload, it is taken instead of asking a deserialiser for one.
        AddOrUpdatePayload<ConsumeContext>(() => new BodyConsumeContext(this, new EventSerializerContext(e, this)), context => context);
    }

    /// <summary>Ends when the lease is lost or the endpoint's time to stop is up.</summary>
    public override CancellationToken CancellationToken { get; }

    /// <summary>Nothing reads it: the event is bound before.</summary>
    public override MessageBody Body { get; } = new EmptyMessageBody();

    protected override IHeaderProvider HeaderProvider => this;

    // Where MassTransit's spans are listened to as well, they are beneath the endpoint's.
    private string? Parent => Activity.Current?.Id ?? _event.Meta.TraceParent;

    IEnumerable<KeyValuePair<string, object>> IHeaderProvider.GetAll()
    {
        yield return new(MessageHeaders.MessageId, _event.Meta.EventId.ToString());
        if (Parent is { } parent)
            yield return new(ActivityIdHeader, parent);
    }

    bool IHeaderProvider.TryGetHeader(string key, [NotNullWhen(true)] out object? value)
    {
        value = key switch
        {
            ActivityIdHeader => Parent,
            MessageHeaders.MessageId => _event.Meta.EventId.ToString(),
            _ => null,
        };
        return value is not null;
    }
}
