using System.Security.Cryptography;
using Bench.Harness;
using Npgsql;

namespace Bench.Subjects;

/// <summary>A private PostgreSQL cluster on the same disk, with its defaults: fsync and synchronous_commit on.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private static readonly string[] Places =
        ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", "/usr/local/bin", "/usr/bin"];

    private readonly Child _process;

    private Postgres(Child process, NpgsqlDataSource source, string connectionString) =>
        (_process, Source, ConnectionString) = (process, source, connectionString);

    public NpgsqlDataSource Source { get; }

    /// <summary>How to reach it; the password is its own.</summary>
    public string ConnectionString { get; }

    public int Pid => _process.Pid;

    /// <summary>Where the server's programs are; null when it is not installed.</summary>
    public static string? Installed => Places.FirstOrDefault(p => File.Exists(Path.Combine(p, "initdb")));

    public static async Task<Postgres> StartAsync(string directory, CancellationToken stop)
    {
        var programs = Installed ?? throw new InvalidOperationException("PostgreSQL is not installed.");
        var password = RandomNumberGenerator.GetHexString(32);
        var passwordFile = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(passwordFile, password, stop);
        var data = Path.Combine(directory, "data");
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", ["-R", "postgres", directory], stop);

        await RunAsync(AsServer($"{programs}/initdb"),
            ["-D", data, "-U", "bench", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale", "C"], stop);
        var port = LoopbackPort.Free();
        var server = AsServer($"{programs}/postgres");
        var process = Child.Start("postgres", server[0],
            [.. server[1..], "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="], interruptToStop: true);
        var connection = $"Host=127.0.0.1;Port={port};Username=bench;Password={password};Database=postgres;SSL Mode=Disable";
        var source = NpgsqlDataSource.Create($"{connection};Maximum Pool Size=50;Max Auto Prepare=10;Auto Prepare Min Usages=1");
        var postgres = new Postgres(process, source, connection);
        await postgres.UntilReadyAsync(stop);
        return postgres;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _process.DisposeAsync();
    }

    private async Task UntilReadyAsync(CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var command = Source.CreateCommand(
                    "CREATE TABLE events (stream_id text, version bigint, body jsonb NOT NULL, PRIMARY KEY (stream_id, version))");
                await command.ExecuteNonQueryAsync(stop);
                return;
            }
            catch (Exception e) when (tries < 200 && !_process.HasExited && e is NpgsqlException)
            {
                await Task.Delay(50, stop);
            }
            catch (NpgsqlException e)
            {
                throw new BenchException($"PostgreSQL did not start: {e.Message} {_process.LastLines}", e);
            }
        }
    }

    // The server refuses to run as root. setpriv replaces itself by what it starts, so the process stays ours to stop.
    private static string[] AsServer(string program) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program]
        : [program];

    private static Task RunAsync(string[] program, string[] arguments, CancellationToken stop) =>
        RunAsync(program[0], [.. program[1..], .. arguments], stop);

    private static async Task RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        await using var child = Child.Start(program, program, arguments);
        var code = await child.ExitCodeAsync(stop);
        if (code != 0)
            throw new BenchException($"{program} failed with exit code {code}. {child.LastLines}");
    }
}
