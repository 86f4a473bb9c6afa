using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;

namespace Orders.Hosting;

/// <summary>
/// Keeps feed reads in the region they are meant for, where <see cref="CosmosOptions.Regions"/> names one. A service writes too, so its session has
/// often seen more than a region that lags: that one would refuse, and the SDK would read in the write region what may be lost with it.
/// A feed has its own place in its continuation and needs no session.
/// </summary>
internal sealed class NearFeedReads(IOptions<CosmosOptions> options) : RequestHandler
{
    private readonly bool _near = options.Value.RegionList.Count > 0;

    /// <inheritdoc/>
    public override Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (_near && request.Headers["A-IM"] is not null)
            request.Headers.Set("x-ms-consistency-level", nameof(ConsistencyLevel.Eventual));
        return base.SendAsync(request, cancellationToken);
    }
}
