using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace TestSupport;

/// <summary>
/// What happened outside the event store, as the outside tells it: the simulators' own files, the mails in the pickup folder, and the
/// audit records.
/// </summary>
internal sealed class Effects
{
    public required ILookup<string, JsonElement> Captures { get; init; }

    public required ILookup<string, JsonElement> Refunds { get; init; }

    public required ILookup<string, JsonElement> Shipments { get; init; }

    /// <summary>Mails by order id; every mail names its order in the text.</summary>
    public required IReadOnlyList<string> Mails { get; init; }

    /// <summary>Payments the gateway has closed without taking money: declined, or withdrawn because the order was cancelled.</summary>
    public required ILookup<string, JsonElement> NotCaptured { get; init; }

    /// <summary>True when money was captured, false when it never will be, null while either can still happen.</summary>
    public bool? Decided(string order) => Captures[order].Any() ? true : NotCaptured[order].Any() ? false : null;

    public int MailsOf(string order) => Mails.Count(mail => mail.Contains(order, StringComparison.Ordinal));

    public static Effects Of(RunningPipeline pipeline)
    {
        var voided = Entries(pipeline, "voids").Select(e => e.GetProperty("trackingNumber").GetString()).ToHashSet();
        var payments = Entries(pipeline, "payments").ToList();
        return new Effects
        {
            Captures = ByOrder(payments.Where(e => Outcome(e) == "Captured")),
            NotCaptured = ByOrder(payments.Where(e => Outcome(e) != "Captured")),
            Refunds = ByOrder(Entries(pipeline, "refunds")),
            Shipments = ByOrder(Entries(pipeline, "shipments")
                .Where(e => e.TryGetProperty("trackingNumber", out var number) && !voided.Contains(number.GetString()))),
            Mails = Files(pipeline.MailDirectory, "*.eml").Select(File.ReadAllText).ToList(),
        };
    }

    /// <summary>The number of audit records of these orders.</summary>
    public static async Task<int> AuditRecordsOfAsync(RunningPipeline pipeline, IReadOnlyCollection<string> orders)
    {
        using var client = pipeline.CreateCosmosClient();
        using var pages = client.GetContainer("orders", "tax-audit").GetItemQueryIterator<JsonElement>(
            new QueryDefinition("SELECT * FROM c WHERE ARRAY_CONTAINS(@orders, c.orderId)").WithParameter("@orders", orders));
        var count = 0;
        while (pages.HasMoreResults)
            count += (await pages.ReadNextAsync(TestContext.Current.CancellationToken)).Count;
        return count;
    }

    private static ILookup<string, JsonElement> ByOrder(IEnumerable<JsonElement> entries) =>
        entries.ToLookup(e => e.GetProperty("orderId").GetString()!);

    private static string? Outcome(JsonElement entry) => entry.GetProperty("outcome").GetString();

    private static IEnumerable<JsonElement> Entries(RunningPipeline pipeline, string ledger) =>
        Files(Path.Combine(pipeline.SimulatorDirectory, ledger), "*.json").Select(path => JsonElement.Parse(File.ReadAllBytes(path)));

    private static IEnumerable<string> Files(string directory, string pattern) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory, pattern, SearchOption.AllDirectories) : [];
}
