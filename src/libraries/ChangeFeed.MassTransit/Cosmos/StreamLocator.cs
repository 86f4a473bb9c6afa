using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>Finds the partition a stream lies in. Asks the store, because only it knows how keys are spread; done once per request, not per event.</summary>
internal sealed class StreamLocator(Container monitored)
{
    /// <summary>The first of the leases whose partition holds the stream; null when none does.</summary>
    public async Task<LeaseInfo?> FindAsync(string stream, IEnumerable<LeaseInfo> leases, CancellationToken cancellationToken)
    {
        foreach (var lease in leases)
            if (await HoldsAsync(FeedRange.FromJsonString(lease.Range), stream, cancellationToken))
                return lease;
        return null;
    }

    private async Task<bool> HoldsAsync(FeedRange range, string stream, CancellationToken cancellationToken)
    {
        const string document = "document/";
        var query = stream.StartsWith(document, StringComparison.Ordinal)
            ? new QueryDefinition("SELECT TOP 1 VALUE c.id FROM c WHERE c._rid = @rid").WithParameter("@rid", stream[document.Length..])
            : new QueryDefinition("SELECT TOP 1 VALUE c.id FROM c WHERE c.streamId = @stream").WithParameter("@stream", stream);
        using var pages = monitored.GetItemQueryStreamIterator(range, query, null, new QueryRequestOptions { MaxItemCount = 1 });
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            if (page.Documents.Count > 0)
                return true;
        }

        return false;
    }
}
