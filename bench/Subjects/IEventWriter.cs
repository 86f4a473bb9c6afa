using Microsoft.Azure.Cosmos;
using Npgsql;
using NpgsqlTypes;

namespace Bench.Subjects;

/// <summary>What is measured: appends one event durably, each time to a stream of its own or to one that is given.</summary>
internal interface IEventWriter
{
    string Name { get; }

    Task WriteAsync(string streamId, long version);
}

/// <summary>A create through the SDK, as a stream and without the document coming back.</summary>
internal sealed class CosmosWriter(string name, Container container) : IEventWriter
{
    private static readonly ItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };

    public string Name => name;

    public Container Container => container;

    public async Task WriteAsync(string streamId, long version)
    {
        using var body = new MemoryStream(BenchEvent.Write(streamId, version), writable: false);
        using var answer = await container.CreateItemStreamAsync(body, new PartitionKey(streamId), NoContent);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>One insert per transaction; with a channel, subscribers are told in the same transaction.</summary>
internal sealed class PostgresWriter(NpgsqlDataSource source, bool notifies = false) : IEventWriter
{
    public const string Channel = "events";

    private const string Insert = "INSERT INTO events (stream_id, version, body) VALUES ($1, $2, $3)";

    private readonly string _sql = notifies ? $"WITH written AS ({Insert}) SELECT pg_notify('{Channel}', $1)" : Insert;

    public string Name => "PostgreSQL";

    public async Task WriteAsync(string streamId, long version)
    {
        await using var command = source.CreateCommand(_sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = streamId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version });
        command.Parameters.Add(new NpgsqlParameter { Value = BenchEvent.Write(streamId, version), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync();
    }
}
