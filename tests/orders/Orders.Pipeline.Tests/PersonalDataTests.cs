using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Orders.Pipeline.Tests;

[Collection(nameof(SharedPipeline))]
public sealed class PersonalDataTests(SharedPipeline shared)
{
    // Not to be found anywhere by chance.
    private static readonly string[] Personal = ["zenobia@palmyra.example", "Zenobia Septimia", "17 Colonnade Row", "Tadmurville", "97531-Z"];

    private readonly RunningPipeline _pipeline = shared.Pipeline;
    private readonly string _customer = $"c-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Personal_data_is_on_no_disk_and_in_no_log_but_in_the_mail_and_gone_for_good_once_the_customer_is_erased()
    {
        var shipped = await _pipeline.PlaceAsync(Order(_customer));
        var others = await CareAsync(await _pipeline.PlaceAsync(Order($"{_customer}-2")));
        await _pipeline.WithStatusAsync(shipped, "Completed");

        File.ReadAllText(Directory.GetFiles(_pipeline.MailDirectory).First(f => File.ReadAllText(f).Contains(shipped, StringComparison.Ordinal)))
            .ShouldContain(Personal[0]);
        foreach (var text in Personal)
        {
            FilesWith(text).ShouldBeEmpty();
            _pipeline.Output.ShouldNotContain(text);
            others.ShouldContain(text); // agents see it
        }

        using var erase = await _pipeline.Orders.DeleteAsync($"/customers/{_customer}", Stop);
        erase.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var done = await Eventually.GetAsync(
            () => _pipeline.Orders.GetFromJsonAsync<JsonElement>($"/customers/{_customer}/erasure", Stop), e => e.TryGetProperty("doneAt", out _),
            what: "The erasure");
        done.GetProperty("orders").GetInt32().ShouldBe(1);

        (await Eventually.GetAsync(() => _pipeline.GetOrderAsync(shipped), o => o.TryGetProperty("erasedAt", out _), what: "The mark on the order"))
            .GetProperty("status").GetString().ShouldBe("Completed");
        var care = await CareAsync(shipped);
        care.ShouldContain("erased");
        Personal.ShouldAllBe(text => !care.Contains(text, StringComparison.Ordinal));
        using var again = await _pipeline.Orders.PostAsJsonAsync("/orders", Order(_customer), Stop);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    private static object Order(string customer) => new
    {
        customerId = customer,
        email = Personal[0],
        currency = "USD",
        paymentToken = "tok_visa",
        shipTo = new { name = Personal[1], line1 = Personal[2], city = Personal[3], region = "WA", postalCode = Personal[4], country = "US" },
        lines = new[] { new { sku = "KB-01", name = "Keyboard", quantity = 1, unitPrice = 49.90m } },
    };

    private async Task<string> CareAsync(string order) =>
        await _pipeline.Care.GetStringAsync($"/care/orders/{order}", Stop) + await _pipeline.Care.GetStringAsync($"/care/orders/{order}/events", Stop);

    /// <summary>What the mailer and the carrier got is theirs; everything else of the system is searched as it lies on the disk.</summary>
    private IEnumerable<string> FilesWith(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var theirs = new[] { _pipeline.MailDirectory, _pipeline.SimulatorDirectory };
        return Directory.EnumerateFiles(_pipeline.DataDirectory, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !theirs.Any(directory => file.StartsWith(directory, StringComparison.Ordinal)))
            .Where(file => Contains(file, bytes));
    }

    private static bool Contains(string file, byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(bytes) >= 0;
    }
}
