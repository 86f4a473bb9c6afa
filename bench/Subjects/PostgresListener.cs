using System.Diagnostics;
using Npgsql;

namespace Bench.Subjects;

/// <summary>LISTEN on a connection of its own.</summary>
internal sealed class PostgresListener : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlConnection _connection;
    private readonly Task _loop;

    private PostgresListener(NpgsqlConnection connection) => (_connection, _loop) = (connection, WaitAsync(connection, _stop.Token));

    public static async Task<PostgresListener> StartAsync(NpgsqlDataSource source, Action<string, long> handle)
    {
        var connection = await source.OpenConnectionAsync();
        connection.Notification += (_, e) => handle(e.Payload, Stopwatch.GetTimestamp());
        await using (var listen = new NpgsqlCommand($"LISTEN {PostgresWriter.Channel}", connection))
            await listen.ExecuteNonQueryAsync();
        return new PostgresListener(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task WaitAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await connection.WaitAsync(stop);
    }
}
