using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace Orders.TaxAudit;

/// <summary>The container of the audit records. Records are only ever added.</summary>
public sealed class TaxAuditStore(Container container)
{
    private static readonly ItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };

    /// <summary>Adds a record; false when it is there already, because the event was delivered before.</summary>
    public async Task<bool> AddAsync(TaxAuditRecord record, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(record, TaxAuditJson.Default.TaxAuditRecord), writable: false);
        using var response = await container.CreateItemStreamAsync(body, new PartitionKey(record.Period), NoContent, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Conflict)
            return false;
        response.EnsureSuccessStatusCode();
        return true;
    }
}
