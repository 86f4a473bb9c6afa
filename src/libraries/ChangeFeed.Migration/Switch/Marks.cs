using System.Net;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration.Copy;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Switch;

/// <summary>The marks of deletes in a container that is to serve: its readers are not to meet them.</summary>
/// <param name="side">The container.</param>
/// <param name="budget">What may be spent.</param>
internal sealed class Marks(Side side, RequestBudget budget)
{
    private const int DeletesInFlight = 32;

    /// <summary>Removes those written before a time.</summary>
    public async Task RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var query = new QueryDefinition($"SELECT * FROM c WHERE c.{DocumentStamp.Property}.deleted = true AND c._ts < @before")
            .WithParameter("@before", before.ToUnixTimeSeconds());
        var marks = await side.Container.QueryAsync(query, mark => JsonObject.Create(mark.Clone())!, cancellationToken: cancellationToken);
        await Parallel.ForEachAsync(
            marks,
            new ParallelOptions { MaxDegreeOfParallelism = DeletesInFlight, CancellationToken = cancellationToken },
            async (mark, stop) =>
            {
                var key = side.Keys.KeyOf(mark);
                var options = new ItemRequestOptions { IfMatchEtag = (string?)mark["_etag"] };
                using var deleted = await budget.SendAsync(
                    () => side.Container.DeleteItemStreamAsync(KeyPaths.IdOf(key), KeyPaths.PartitionOf(key), options, stop), stop);
                // Replaced since it was found, or expired.
                if (deleted.StatusCode is not (HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound))
                    deleted.EnsureSuccessStatusCode();
            });
    }
}
