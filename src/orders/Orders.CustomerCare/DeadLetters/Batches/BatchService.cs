using System.Globalization;
using System.Text;
using System.Text.Json;
using ChangeFeed.MassTransit;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters.Batches;

/// <summary>Says which orders a batch would touch, and starts the one that was looked at.</summary>
internal sealed class BatchService(ParkedOrders parked, BatchStore store, BatchRunner runner, AuditTrail audit, TimeProvider time)
{
    /// <summary>Orders named in a preview; all are counted.</summary>
    public const int MaxNamed = 100;

    /// <summary>What a batch would touch at this moment.</summary>
    public async Task<BatchPreview> PreviewAsync(DeadLetterAction action, ParkedFilter filter, CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        var keys = await parked.KeysAsync(UpTo(filter, asOf), cancellationToken);
        return new BatchPreview(
            action,
            keys.Count,
            [.. keys.CountBy(key => key.Endpoint).Select(pair => new BatchShare(pair.Key, pair.Value))],
            [.. keys.Take(MaxNamed)],
            TokenOf(asOf, action, filter, keys));
    }

    /// <summary>Starts what a preview showed.</summary>
    /// <returns>The batch; null when other orders than those of the preview would be touched by now.</returns>
    /// <exception cref="InvalidRequestException">The reason is missing or wrong.</exception>
    public async Task<BatchDocument?> StartAsync(
        DeadLetterAction action, ParkedFilter filter, string token, string by, string? reason, CancellationToken cancellationToken)
    {
        var why = action == DeadLetterAction.Discard ? Reason.Required(reason) : Reason.Optional(reason);
        if (DryRunToken.AsOf(token) is not { } asOf)
            return null;
        var until = UpTo(filter, asOf);
        var keys = await parked.KeysAsync(until, cancellationToken);
        if (TokenOf(asOf, action, filter, keys) != token)
            return null;
        var batch = new BatchDocument
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Action = action,
            Filter = until,
            By = by,
            Reason = why,
            At = time.GetUtcNow(),
            Total = keys.Count,
            Services = [.. keys.Select(key => key.Endpoint).Distinct()],
        };
        batch = await audit.DoAsync(
            AuditSubject.Batch(batch.Id), by, $"{action.ToString().ToLowerInvariant()}-batch", why, CreateAsync, cancellationToken, Particulars(batch));
        runner.Wake();
        return batch;

        async Task<BatchDocument> CreateAsync()
        {
            await store.CreateAsync(batch, cancellationToken);
            return batch;
        }
    }

    /// <summary>A batch as it stands; null when there is none of that id.</summary>
    public async Task<BatchView?> ReadAsync(string id, CancellationToken cancellationToken) =>
        // What is parsed may have had white space around it, which no id in the store has.
        Guid.TryParseExact(id, "N", out var known) && await store.ReadAsync(known.ToString("N"), cancellationToken) is { } batch ? BatchView.Of(batch) : null;

    /// <summary>The latest batches.</summary>
    public async Task<IReadOnlyList<BatchView>> LatestAsync(CancellationToken cancellationToken) =>
        [.. (await store.LatestAsync(20, cancellationToken)).Select(BatchView.Of)];

    private static Dictionary<string, string> Particulars(BatchDocument batch) => new()
    {
        ["orders"] = batch.Total.ToString(CultureInfo.InvariantCulture),
        ["filter"] = JsonSerializer.Serialize(batch.Filter, JsonSerializerOptions.Web),
    };

    private static ParkedFilter UpTo(ParkedFilter filter, DateTimeOffset asOf) => filter with { To = filter.To < asOf ? filter.To : asOf };

    // The moment of the preview, and everything that was to be touched then.
    private static string TokenOf(DateTimeOffset asOf, DeadLetterAction action, ParkedFilter filter, IReadOnlyList<ParkedKey> keys)
    {
        var text = new StringBuilder().Append(action).Append('\n').Append(JsonSerializer.Serialize(filter)).Append('\n');
        foreach (var key in keys)
            text.Append(CultureInfo.InvariantCulture, $"{key.Endpoint}\t{key.StreamId}\t{key.ParkedAt.UtcTicks}\n");
        return DryRunToken.Of(asOf, text.ToString());
    }
}
