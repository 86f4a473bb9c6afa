using System.Globalization;
using Garnet;

namespace Orders.Sinks;

/// <summary>
/// A cache in this process, for a laptop without a server: Garnet, which speaks Redis's protocol. What was written is in its log before it
/// is acknowledged, so a restart loses nothing that a checkpoint has passed.
/// </summary>
internal sealed class EmbeddedCache : IDisposable
{
    private readonly GarnetServer _server;

    /// <summary>Starts it on a loopback port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="directory">Where its log is.</param>
    /// <param name="loggers">Where it logs; null for nowhere.</param>
    public EmbeddedCache(int port, string directory, ILoggerFactory? loggers = null)
    {
        Directory.CreateDirectory(directory);
        _server = new GarnetServer(
            [
                "--bind", "127.0.0.1",
                "--port", port.ToString(CultureInfo.InvariantCulture),
                "--memory", "128m",
                "--index", "16m",
                "--lua",
                "--aof",
                "--aof-commit-wait",
                "--recover",
                "--checkpointdir", directory,
                "--aof-size-limit", "64m",
                // The native device needs libraries that not every Linux has.
                "--device-type", "RandomAccess",
                "--disable-console-logger",
            ],
            loggers);
        _server.Start();
    }

    public void Dispose() => _server.Dispose();
}
