using System.Net;
using Microsoft.Azure.Cosmos;

namespace Orders.Web;

/// <summary>Which failures are the store's, and pass.</summary>
public static class StoreProblems
{
    /// <summary>Whether the store could not be reached, was too busy or too slow: the same request may succeed later.</summary>
    /// <remarks>A cancellation that is not the caller's is a time-out, of the SDK or of the request; whose it is the caller of this must know.</remarks>
    public static bool IsUnavailable(Exception e) => e is HttpRequestException or OperationCanceledException or TimeoutException
        or CosmosException
    {
        StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
                or HttpStatusCode.Gone or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
                or (HttpStatusCode)449,
    };
}
