using Microsoft.Azure.Cosmos;

namespace Orders.Hosting.Usage;

/// <summary>Counts what the requests of this process cost, over all its clients.</summary>
public sealed class RequestUnitCounter
{
    private const double Hundredths = 100; // as exact as the store says it

    private long _units;

    /// <summary>Request units since the process started.</summary>
    public double Total => Interlocked.Read(ref _units) / Hundredths;

    /// <summary>For the requests of one client.</summary>
    public RequestHandler NewHandler() => new Handler(this);

    private sealed class Handler(RequestUnitCounter counter) : RequestHandler
    {
        public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Interlocked.Add(ref counter._units, (long)Math.Round(response.Headers.RequestCharge * Hundredths));
            return response;
        }
    }
}
