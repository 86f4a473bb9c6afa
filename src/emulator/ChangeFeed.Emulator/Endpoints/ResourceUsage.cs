using System.Globalization;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>How much a container holds, for clients that ask for it; it is counted by reading.</summary>
internal static class ResourceUsage
{
    private const int Kilobyte = 1024;

    public static void Usage(this HttpResponse response, EngineState state, Container container)
    {
        using var session = state.Store.Read();
        session.Pin();
        var items = container.Partitions.Sum(partition => session.CountItems(container, partition.Id));
        var size = (session.CountBytes(container) + Kilobyte - 1) / Kilobyte;
        // Nothing here is limited but by the disk.
        response.Headers[Headers.ResourceQuota] = "documentSize=2048;documentsSize=-1;documentsCount=-1;collectionSize=-1";
        response.Headers[Headers.ResourceUsage] = string.Create(
            CultureInfo.InvariantCulture, $"documentSize=0;documentsSize={size};documentsCount={items};collectionSize={size}");
    }
}
