using Microsoft.Azure.Cosmos;

namespace Orders.Hosting.Usage;

/// <summary>Counts what the requests of this process cost.</summary>
public sealed class RequestUnitCounter : RequestHandler
{
    private const double Hundredths = 100; // as exact as the store says it

    private long _units;

    /// <summary>Request units since the process started.</summary>
    public double Total => Interlocked.Read(ref _units) / Hundredths;

    /// <inheritdoc/>
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        Interlocked.Add(ref _units, (long)Math.Round(response.Headers.RequestCharge * Hundredths));
        return response;
    }
}
