using System.Diagnostics;
using System.Text;
using Orders.Cache;
using StackExchange.Redis;

namespace Orders.Sinks.Tests.Support;

/// <summary>A server that keeps what it has when it is stopped.</summary>
internal abstract class CacheServer : IAsyncDisposable
{
    protected TemporaryDirectory Directory { get; } = new();

    public int Port { get; } = LoopbackPorts.Free();

    public IConnectionMultiplexer Connect() =>
        ConnectionMultiplexer.Connect(new CacheOptions { ConnectionString = $"127.0.0.1:{Port}" }.Configuration("test"));

    public abstract Task StartAsync();

    /// <summary>As a crash would end it.</summary>
    public abstract Task StopAsync();

    /// <summary>All it has on disk: each file as text, in which ASCII is found as it was written.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync() => await Task.WhenAll(
        System.IO.Directory.EnumerateFiles(Directory.Path, "*", SearchOption.AllDirectories)
            .Select(async file => Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file))));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Dispose();
    }

    protected async Task AnswersAsync()
    {
        await using var connection = Connect();
        await Eventually.UntilAsync(
            async () =>
            {
                try
                {
                    await connection.GetDatabase().PingAsync();
                    return true;
                }
                catch (RedisException)
                {
                    return false;
                }
            },
            "the server answers");
    }
}

/// <summary>Garnet in this process, as the service of the sinks runs it.</summary>
internal sealed class GarnetCache : CacheServer
{
    private EmbeddedCache? _cache;

    public override Task StartAsync()
    {
        _cache = new EmbeddedCache(Port, Directory.Path);
        return AnswersAsync();
    }

    public override Task StopAsync()
    {
        _cache?.Dispose();
        _cache = null;
        return Task.CompletedTask;
    }
}

/// <summary>Redis's own server, in a process that is killed and started again.</summary>
internal sealed class RedisServer : CacheServer
{
    private Process? _process;

    /// <summary>Whether this machine has one.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Combine(directory, "redis-server")).FirstOrDefault(File.Exists);

    public override Task StartAsync()
    {
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", Directory.Path,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--loglevel", "warning",
        ];
        _process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        return AnswersAsync();
    }

    public override async Task StopAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }
}
