using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;

namespace ChangeFeed.MassTransit.Tests.Support;

public interface IThing;

public sealed record ThingHappened(int Number) : IThing;

public sealed record OtherHappened(string Text) : IThing;

public sealed record NobodyCares(int Number);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ThingHappened))]
[JsonSerializable(typeof(OtherHappened))]
[JsonSerializable(typeof(NobodyCares))]
internal sealed partial class TestJson : JsonSerializerContext;

internal static class TestEvents
{
    public static EventTypeMap Map { get; } = new EventTypeMap()
        .Add(TestJson.Default.ThingHappened)
        .Add(TestJson.Default.OtherHappened)
        .Add(TestJson.Default.NobodyCares);

    public static RecordedEvent Record(string stream, long version, object data, string? traceParent = null, Guid? cause = null)
    {
        var (type, schema) = Map.Describe(data);
        var id = DeterministicGuid.Create(Guid.Empty, $"{stream}/{version}");
        return new RecordedEvent(stream, version, type, schema, data, new EventMeta(id, DateTimeOffset.UnixEpoch, "test", stream, cause, traceParent));
    }

    public static JsonElement Document(RecordedEvent e) => Parse(EventDocument.Write(e, Map));

    public static JsonElement Document(string stream, long version, object data) => Document(Record(stream, version, data));

    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public static JsonElement Parse(string json) => Parse(System.Text.Encoding.UTF8.GetBytes(json));
}
