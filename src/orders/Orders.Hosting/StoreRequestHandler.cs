using Microsoft.Azure.Cosmos;

namespace Orders.Hosting;

/// <summary>What requests to a store go through: one for each client, which keeps it as its own.</summary>
/// <param name="New">Makes one.</param>
public sealed record StoreRequestHandler(Func<IServiceProvider, RequestHandler> New);
