using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Fencing;

/// <summary>
/// Remembers how far the requests of a client got in each partition: the session tokens of its answers. A reader that shows them sees at least that
/// much, whichever replica it asks.
/// </summary>
internal sealed class SessionRecorder : RequestHandler
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, (long Lsn, string Token)>> _containers = new();

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Session is { Length: > 0 } session
            && request.RequestUri?.OriginalString.Trim('/').Split('/') is ["dbs", var database, "colls", var container, ..])
        {
            var partitions = _containers.GetOrAdd($"{database}/{container}", _ => new());
            foreach (var token in session.Split(','))
                Note(partitions, token);
        }

        return response;
    }

    public string? Of(ContainerLocation location) => _containers.TryGetValue($"{location.Database}/{location.Container}", out var partitions)
        ? Text(partitions.Values.Select(p => p.Token))
        : null;

    /// <summary>The tokens of several, the furthest of each partition.</summary>
    public static string? Merge(IEnumerable<string?> sessions)
    {
        var partitions = new ConcurrentDictionary<string, (long Lsn, string Token)>();
        foreach (var token in sessions.OfType<string>().SelectMany(session => session.Split(',')))
            Note(partitions, token);
        return Text(partitions.Values.Select(p => p.Token));
    }

    private static string? Text(IEnumerable<string> tokens) => string.Join(',', tokens) is { Length: > 0 } text ? text : null;

    // range:version#lsn#region=lsn…, or range:lsn
    private static void Note(ConcurrentDictionary<string, (long Lsn, string Token)> partitions, string token)
    {
        if (token.Split(':', 2) is not [var range, var progress])
            return;
        var parts = progress.Split('#');
        if (!long.TryParse(parts.Length > 1 ? parts[1] : parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lsn))
            return;
        partitions.AddOrUpdate(range, (lsn, token), (_, known) => known.Lsn >= lsn ? known : (lsn, token));
    }
}
