using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Orders.Outward;

/// <summary>
/// Lets MassTransit carry CloudEvents and nothing around them: no envelope of its own, so that a consumer needs neither MassTransit nor .NET.
/// Reading is MassTransit's own for plain JSON.
/// </summary>
internal sealed class CloudEventsSerializer : ISerializerFactory, IMessageSerializer, IMessageDeserializer
{
    private static readonly ContentType Json = new(CloudEventJson.MediaType);

    private readonly SystemTextJsonRawMessageSerializer _plain = new(RawSerializerOptions.AnyMessageType);

    public ContentType ContentType => Json;

    public IMessageSerializer CreateSerializer() => this;

    public IMessageDeserializer CreateDeserializer() => this;

    public void Probe(ProbeContext context) => context.CreateScope("cloudevents").Add("contentType", Json.MediaType);

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => context.Message is Announcement announcement
            ? new MemoryMessageBody(CloudEventJson.Write(announcement))
            : throw new NotSupportedException($"Others are told announcements, and not {typeof(T).Name}.");

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => _plain.Deserialize(receiveContext);

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        _plain.Deserialize(body, headers, destinationAddress);

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);
}
