using System.Buffers.Binary;
using System.Text;

namespace Bench.Pipeline.Tracing;

/// <summary>Reads a protobuf message field by field: all that is needed of it to read spans, without generated code.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;

    /// <summary>Number of the field that was read last; its value must be taken or skipped before the next.</summary>
    public int Field { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        (Field, _wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return true;
    }

    public ulong Fixed64()
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = (int)Varint();
        var bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                _rest = _rest[8..];
                break;
            case 2:
                Bytes();
                break;
            case 5:
                _rest = _rest[4..];
                break;
            default:
                throw new InvalidDataException($"Protobuf wire type {_wireType} is not in use.");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
