using System.Diagnostics.Metrics;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.ServiceDefaults.Telemetry;

/// <summary>Counts what every request to the store costs, by container and operation, as the OpenTelemetry conventions name them.</summary>
internal sealed class RequestChargeHandler : RequestHandler
{
    private static readonly Meter Meter = new("ChangeFeed.Store");

    private static readonly Counter<double> Charge = Meter.CreateCounter<double>(
        "store.request_charge", "{request_unit}", "Request units the store charged.");

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (Charge.Enabled)
            Charge.Add(
                response.Headers.RequestCharge,
                new("db.collection.name", StoreOperation.ContainerOf(request.RequestUri.OriginalString)),
                new("db.operation.name", StoreOperation.NameOf(request.Method.Method, request.RequestUri.OriginalString, request.Headers)));
        return response;
    }
}
