using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;

namespace Orders.CustomerCare.Auditing;

/// <summary>
/// Keeps who did what, when and why, and who looked at personal data. What cannot be kept is not done and not shown: the record comes
/// first. One partition per subject, so that everything about an order is one query of one partition.
/// </summary>
internal sealed class AuditTrail(OrdersDatabase database, TimeProvider time, ILogger<AuditTrail> logger)
{
    public const int PageSize = 100;

    private const string Done = "done";

    // A page that follows its order reads it again and again; that somebody looks is kept once a minute.
    private static readonly TimeSpan SameAccess = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _accesses = new();

    /// <summary>Keeps that somebody does something, does it, and keeps what came of it.</summary>
    /// <param name="subject">What it is done to.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="action">What they do.</param>
    /// <param name="why">Their reason.</param>
    /// <param name="act">Does it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="what">Particulars.</param>
    /// <param name="refusalOf">Tells from what came of it why it was refused; null when it was done.</param>
    /// <returns>What came of it.</returns>
    public async Task<T> DoAsync<T>(
        string subject,
        string who,
        string action,
        string? why,
        Func<Task<T>> act,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? what = null,
        Func<T, string?>? refusalOf = null)
    {
        var record = New(Guid.CreateVersion7(time.GetUtcNow()), subject, who, action, what) with { Why = why };
        await WriteAsync(record, cancellationToken);
        T result;
        try
        {
            result = await act();
        }
        catch (Exception e)
        {
            await NoteAsync(record with { Outcome = $"failed: {e.GetType().Name}" });
            throw;
        }

        await NoteAsync(record with { Outcome = refusalOf?.Invoke(result) ?? Done });
        return result;
    }

    /// <summary>Keeps that somebody looks at personal data; to be called before it is shown to them.</summary>
    public async Task RecordAccessAsync(
        string subject, string who, string action, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? what = null)
    {
        var now = time.GetUtcNow();
        var minute = now.Ticks / SameAccess.Ticks;
        var particulars = what is null ? "" : string.Join('\n', what.Select(pair => $"{pair.Key}={pair.Value}"));
        var id = DeterministicGuid.Create(Guid.Empty, string.Create(CultureInfo.InvariantCulture, $"{minute}\n{subject}\n{who}\n{action}\n{particulars}"));
        if (_accesses.ContainsKey(id))
            return;
        await WriteAsync(New(id, subject, who, action, what), cancellationToken);
        _accesses[id] = now;
        foreach (var (old, _) in _accesses.Where(access => now - access.Value > SameAccess))
            _accesses.TryRemove(old, out _);
    }

    /// <summary>Keeps that somebody searches; for what only where that is an id and not, perhaps, an address or a name.</summary>
    public Task SearchAsync(string who, string text, CancellationToken cancellationToken) => RecordAccessAsync(
        AuditSubject.Search(time.GetUtcNow()),
        who,
        "search",
        cancellationToken,
        new Dictionary<string,
        string>
        { ["for"] = text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && text.Any(char.IsAsciiDigit) ? text : "(not kept)" });

    /// <summary>Records, the latest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<AuditRecords> FindAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var found = new List<JsonElement>();
        using var pages = database.Get(AuditContainers.CareAudit)
            .GetItemQueryStreamIterator(query.Definition(PageSize + 1), requestOptions: new QueryRequestOptions
            {
                PartitionKey = query.Subject is null ? null : new PartitionKey(query.Subject),
            });
        while (pages.HasMoreResults && found.Count <= PageSize)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            found.AddRange(page.Documents.Select(document => document.Clone()));
        }

        var records = found.Take(PageSize).Select(document => document.Deserialize<AuditRecord>(JsonSerializerOptions.Web)!).ToList();
        return new AuditRecords(records, found.Count > PageSize ? records[^1].Sequence : null);
    }

    private AuditRecord New(Guid id, string subject, string who, string action, IReadOnlyDictionary<string, string>? what) =>
        new() { Id = id.ToString(), Subject = subject, Who = who, At = time.GetUtcNow(), Action = action, What = what };

    private async Task WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        using var response = await database.Get(AuditContainers.CareAudit)
            .CreateItemStreamAsync(Body(record), new PartitionKey(record.Subject), cancellationToken: cancellationToken);
        if (response.StatusCode != HttpStatusCode.Conflict) // another instance has kept the same access
            response.EnsureSuccessStatusCode();
    }

    // It is done, whatever becomes of the request and of this.
    private async Task NoteAsync(AuditRecord record)
    {
        try
        {
            using var response = await database.Get(AuditContainers.CareAudit)
                .UpsertItemStreamAsync(Body(record), new PartitionKey(record.Subject), cancellationToken: CancellationToken.None);
            response.EnsureSuccessStatusCode();
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException or OperationCanceledException)
        {
            logger.LogWarning("What came of audit record {Id} could not be kept ({Outcome}): {Problem}", record.Id, record.Outcome, e.Message);
        }
    }

    /// <summary>A record as it is stored.</summary>
    internal static MemoryStream Body(AuditRecord record)
    {
        var json = JsonSerializer.SerializeToNode(record, JsonSerializerOptions.Web)!.AsObject();
        json["sequence"] = record.Sequence;
        return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(json), writable: false);
    }
}
