using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.TaxAudit.Tests;

public class TaxAuditServiceTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tax_charged_and_tax_given_back_are_recorded_once_each()
    {
        var id = await service.AppendAsync(Placed(), Taxed(), Captured(), Cancelled(), Refunded());

        List<TaxAuditRecord> records = [];
        await Eventually.UntilAsync(async () => (records = await RecordsAsync(id)).Count == 2);

        records.OrderBy(record => record.Version).Select(record => (record.Type, record.Jurisdiction, record.Taxable, record.Tax))
            .ShouldBe([("TaxCalculated", "US-WA", 99.80m, 6.49m), ("PaymentRefunded", "US-WA", -99.80m, -6.49m)]);
        (await service.Services.GetRequiredService<TaxAuditStore>().AddAsync(records[0], Stop)).ShouldBeFalse("it is there already");
        (await RecordsAsync(id)).Count.ShouldBe(2);
    }

    private async Task<List<TaxAuditRecord>> RecordsAsync(string orderId)
    {
        var records = new List<TaxAuditRecord>();
        using var pages = service.Database.Get(TaxAuditContainers.TaxAudit).GetItemQueryStreamIterator("SELECT * FROM c");
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(Stop);
            using var json = await JsonDocument.ParseAsync(page.EnsureSuccessStatusCode().Content, cancellationToken: Stop);
            records.AddRange(json.RootElement.GetProperty("Documents").EnumerateArray()
                .Select(document => document.Deserialize(TaxAuditJson.Default.TaxAuditRecord)!)
                .Where(record => record.OrderId == orderId));
        }

        return records;
    }
}
