using System.Net;
using System.Net.Sockets;

namespace ChangeFeed.Testing;

/// <summary>Ports of this machine's loopback addresses.</summary>
public static class LoopbackPorts
{
    /// <summary>One that is free now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
