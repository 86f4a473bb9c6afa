using System.Buffers.Binary;

namespace Bench.Pipeline.Tracing;

/// <summary>A span as a service sent it; times in nanoseconds; <c>Container</c> where it is an operation of the store.</summary>
internal sealed record Span(ulong Id, ulong Parent, string Service, string Name, ulong Start, ulong End, string? Container)
{
    public double Micros => (End - Start) / 1e3;

    /// <summary>The spans of an ExportTraceServiceRequest of OTLP.</summary>
    public static List<Span> ReadAll(ReadOnlySpan<byte> request)
    {
        var spans = new List<Span>();
        var resources = new ProtoReader(request);
        while (resources.Next())
        {
            if (resources.Field == 1)
                ReadResource(resources.Bytes(), spans);
            else
                resources.Skip();
        }

        return spans;
    }

    private static void ReadResource(ReadOnlySpan<byte> message, List<Span> spans)
    {
        var service = "";
        var resource = new ProtoReader(message);
        while (resource.Next())
        {
            if (resource.Field == 1)
                service = Attribute(resource.Bytes(), 1, "service.name") ?? "";
            else if (resource.Field == 2)
                ReadScope(resource.Bytes(), service, spans);
            else
                resource.Skip();
        }
    }

    private static void ReadScope(ReadOnlySpan<byte> message, string service, List<Span> spans)
    {
        var scope = new ProtoReader(message);
        while (scope.Next())
        {
            if (scope.Field == 2)
                spans.Add(Read(scope.Bytes(), service));
            else
                scope.Skip();
        }
    }

    private static Span Read(ReadOnlySpan<byte> message, string service)
    {
        ulong id = 0, parent = 0, start = 0, end = 0;
        var name = "";
        var span = new ProtoReader(message);
        while (span.Next())
        {
            switch (span.Field)
            {
                case 2:
                    id = Id64(span.Bytes());
                    break;
                case 4:
                    parent = Id64(span.Bytes());
                    break;
                case 5:
                    name = span.Text();
                    break;
                case 7:
                    start = span.Fixed64();
                    break;
                case 8:
                    end = span.Fixed64();
                    break;
                default:
                    span.Skip();
                    break;
            }
        }

        return new Span(id, parent, service, name, start, end, Attribute(message, 9, "db.collection.name"));
    }

    private static ulong Id64(ReadOnlySpan<byte> bytes) => bytes.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>The text of an attribute among the key-value pairs in a field of a message.</summary>
    private static string? Attribute(ReadOnlySpan<byte> message, int field, string wanted)
    {
        var pairs = new ProtoReader(message);
        while (pairs.Next())
        {
            if (pairs.Field != field)
            {
                pairs.Skip();
                continue;
            }

            var pair = new ProtoReader(pairs.Bytes());
            string? key = null;
            while (pair.Next())
            {
                if (pair.Field == 1)
                    key = pair.Text();
                else if (pair.Field == 2 && key == wanted)
                    return AnyText(pair.Bytes());
                else
                    pair.Skip();
            }
        }

        return null;
    }

    private static string? AnyText(ReadOnlySpan<byte> message)
    {
        var value = new ProtoReader(message);
        return value.Next() && value.Field == 1 ? value.Text() : null;
    }
}
