using System.Diagnostics;
using System.Net.Sockets;

namespace ChangeFeed.Testing;

/// <summary>
/// A broker of its own: RabbitMQ on loopback, with its own directory, ports and Erlang port mapper. What it was given stays when it is killed.
/// </summary>
public sealed class RabbitBroker : IAsyncLifetime
{
    // Not that of the PATH, which changes to a user of its own.
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly TemporaryDirectory _directory = new();
    private readonly int _mapperPort = LoopbackPorts.Free();
    private readonly int _nodePort = LoopbackPorts.Free();
    private Process? _mapper;
    private Process? _process;

    /// <summary>Whether this machine has one.</summary>
    public static bool IsInstalled { get; } = File.Exists(Program);

    /// <summary>The port it listens on.</summary>
    public int Port { get; } = LoopbackPorts.Free();

    /// <summary>Where it is, with its credentials.</summary>
    public string Address => $"amqp://guest:guest@127.0.0.1:{Port}/";

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
            return;
        // Started here and not by the node, so that it ends with the test.
        _mapper = Start("epmd", ["-port", $"{_mapperPort}", "-address", "127.0.0.1"]);
        await StartAsync();
    }

    /// <summary>Starts it, as after a crash; returns when it answers.</summary>
    public async Task StartAsync()
    {
        _process = Start(Program, []);
        await Eventually.UntilAsync(AnswersAsync, "the broker answers", TimeSpan.FromSeconds(120));
    }

    /// <summary>As a crash would end it.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
        await Eventually.UntilAsync(async () => !await AnswersAsync(), "the broker is gone");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_mapper is not null)
        {
            _mapper.Kill();
            await _mapper.WaitForExitAsync();
            _mapper.Dispose();
        }

        _directory.Dispose();
    }

    private Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = _directory.Path, // of the cookie
            ["ERL_EPMD_PORT"] = $"{_mapperPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"test{Port}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{Port}",
            ["RABBITMQ_DIST_PORT"] = $"{_nodePort}",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_MNESIA_BASE"] = _directory.File("mnesia"),
            ["RABBITMQ_LOG_BASE"] = _directory.File("log"),
            ["RABBITMQ_PID_FILE"] = _directory.File("pid"),
            ["RABBITMQ_CONF_ENV_FILE"] = _directory.File("environment.conf"),
            ["RABBITMQ_CONFIG_FILE"] = _directory.File("rabbitmq"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _directory.File("enabled_plugins"),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // read, so that it never waits for a reader
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray());
            return await client.GetStream().ReadAsync(new byte[1]) == 1; // it begins to introduce itself
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
