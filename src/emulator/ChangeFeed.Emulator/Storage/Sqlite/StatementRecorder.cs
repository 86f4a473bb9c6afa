using System.Text;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>A value bound to a parameter: a number, a text, bytes or null.</summary>
internal readonly record struct BoundValue(int Index, object? Value);

/// <summary>
/// Takes down the statements of a transaction. Run again in the same order on a copy of what there was before, they make of it a copy of
/// what there is after: none of them asks for a time or for chance.
/// </summary>
internal sealed class StatementRecorder
{
    private const byte Null = 0, Number = 1, Text = 2, Bytes = 3;

    private readonly MemoryStream _statements = new();
    private readonly BinaryWriter _writer;

    public StatementRecorder() => _writer = new(_statements, Encoding.UTF8);

    public bool IsEmpty => _statements.Length == 0;

    public void Add(string sql, IReadOnlyList<BoundValue> values)
    {
        _writer.Write(sql);
        _writer.Write(values.Count);
        foreach (var (index, value) in values)
        {
            _writer.Write(index);
            Write(value);
        }
    }

    private void Write(object? value)
    {
        switch (value)
        {
            case long number:
                _writer.Write(Number);
                _writer.Write(number);
                break;
            case string text:
                _writer.Write(Text);
                _writer.Write(text);
                break;
            case byte[] bytes:
                _writer.Write(Bytes);
                _writer.Write(bytes.Length);
                _writer.Write(bytes);
                break;
            default:
                _writer.Write(Null);
                break;
        }
    }

    public byte[] ToArray()
    {
        _writer.Flush();
        return _statements.ToArray();
    }

    /// <summary>Runs what was taken down.</summary>
    public static void Replay(SqliteConnection connection, byte[] statements)
    {
        using var reader = new BinaryReader(new MemoryStream(statements), Encoding.UTF8);
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            var sql = reader.ReadString();
            var count = reader.ReadInt32();
            if (count == 0)
                connection.Execute(sql);
            else
                Bound(connection.Use(sql), reader, count).Run();
        }
    }

    private static SqliteStatement Bound(SqliteStatement statement, BinaryReader reader, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var index = reader.ReadInt32();
            _ = reader.ReadByte() switch
            {
                Number => statement.Bind(index, reader.ReadInt64()),
                Text => statement.Bind(index, reader.ReadString()),
                Bytes => statement.Bind(index, reader.ReadBytes(reader.ReadInt32())),
                _ => statement.Bind(index, (long?)null),
            };
        }
        return statement;
    }
}
