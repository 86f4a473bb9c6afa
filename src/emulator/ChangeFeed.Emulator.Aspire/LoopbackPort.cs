using System.Net;
using System.Net.Sockets;

namespace ChangeFeed.Emulator.Aspire;

internal static class LoopbackPort
{
    /// <summary>
    /// A port that is free now. An endpoint without a proxy needs its port before the process starts, and a restart must find it again.
    /// </summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
