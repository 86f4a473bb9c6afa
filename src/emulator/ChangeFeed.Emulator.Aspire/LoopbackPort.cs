using System.Net;
using System.Net.Sockets;

namespace ChangeFeed.Emulator.Aspire;

/// <summary>Ports of this machine's loopback addresses.</summary>
internal static class LoopbackPort
{
    // Below the range systems use for outgoing connections: one of those could take the port before the process it is meant for listens on it.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;
    private const int Attempts = 1000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>
    /// A port that is free now, and never the same twice. An endpoint without a proxy needs its port before the process starts, and a
    /// restart must find it again.
    /// </summary>
    /// <exception cref="InvalidOperationException">None was found.</exception>
    public static int Take()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var port = Random.Shared.Next(Lowest, Highest);
                if (IsFree(port) && Given.Add(port))
                    return port;
            }
        }

        throw new InvalidOperationException($"There is no free port between {Lowest} and {Highest}: name one.");
    }

    /// <summary>Whether nothing listens on the port.</summary>
    public static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && CanListen(IPAddress.IPv6Loopback, port);

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            return true; // a machine without IPv6
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
