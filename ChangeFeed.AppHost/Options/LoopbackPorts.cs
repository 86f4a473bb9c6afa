using System.Net;
using System.Net.Sockets;

namespace ChangeFeed.AppHost.Options;

/// <summary>Ports of this machine's loopback addresses.</summary>
internal static class LoopbackPorts
{
    private static readonly HashSet<int> Given = [];

    public static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && CanListen(IPAddress.IPv6Loopback, port);

    /// <summary>
    /// A port nothing listens on. Taken from below the range systems use for outgoing connections: a port of that range could be
    /// taken by such a connection before the process it is meant for listens on it.
    /// </summary>
    public static int Take()
    {
        lock (Given)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(20_000, 32_000);
                if (IsFree(port) && Given.Add(port)) return port;
            }
        }

        throw new InvalidOperationException("There is no free port between 20000 and 32000.");
    }

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
