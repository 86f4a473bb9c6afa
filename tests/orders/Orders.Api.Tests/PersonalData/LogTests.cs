using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orders.Api.Tests.PersonalData;

public sealed class LogTests(WithStore service) : IClassFixture<WithStore>
{
    private const string Email = "zuleika.of.the.log.test@example.org";

    [Fact]
    public async Task No_line_of_the_log_has_personal_data_in_it()
    {
        using var log = new LogCollector();
        await using var logged = service.WithWebHostBuilder(builder => builder
            .UseSetting("Logging:LogLevel:Default", "Debug")
            .UseSetting("Logging:LogLevel:ChangeFeed", "Trace")
            .UseSetting("Logging:LogLevel:Orders", "Trace")
            .ConfigureServices(services => services.AddSingleton<ILoggerProvider>(log)));
        var client = logged.CreateClient();

        var order = Bodies.With("email", $"\"{Email}\"");
        (await client.PostAsync("/orders", order.ToJsonString())).EnsureSuccessStatusCode();
        order["currency"] = "nonsense";
        (await client.PostAsync("/orders", order.ToJsonString())).IsSuccessStatusCode.ShouldBeFalse();
        (await client.PostAsync("/orders", order.ToJsonString()[..^2])).IsSuccessStatusCode.ShouldBeFalse();

        log.Lines.ShouldNotBeEmpty();
        log.Lines.Where(line => line.Contains(Email, StringComparison.OrdinalIgnoreCase) || line.Contains("Ada Lovelace", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }
}
