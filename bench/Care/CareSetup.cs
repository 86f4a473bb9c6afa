using Bench.Harness;
using Bench.Subjects;
using Bench.Views;

namespace Bench.Care;

/// <summary>A store full of orders with their views, and customer care on it.</summary>
internal sealed class CareSetup : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly ViewsSetup _views;
    private readonly Child _care;

    private CareSetup(ViewsSetup views, Child care, Uri address, int orders) => (_views, _care, Address, Orders) = (views, care, address, orders);

    public BenchOptions Options => _views.Options;

    public Uri Address { get; }

    public int Orders { get; }

    public static async Task<CareSetup> StartAsync(BenchOptions options, WorkDirectory directory, CancellationToken stop)
    {
        var orders = options.Quick ? 2_000 : 100_000;
        var views = await ViewsSetup.StartAsync(options, directory, stop);
        try
        {
            Progress.Say($"{orders:#,0} orders");
            await CareOrders.FillAsync(views.Events.Database, orders, stop);
            Progress.Say("starting customer care");
            var (program, arguments) = Repository.Command("src/orders/Orders.CustomerCare");
            var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
            var care = Child.Start("customer care", program, arguments, new Dictionary<string, string>
            {
                ["ConnectionStrings__cosmos"] = views.ConnectionString,
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["ASPNETCORE_ENVIRONMENT"] = "Development", // where pages are shown without a sign-in
                ["Logging__LogLevel__Default"] = "Warning",
                ["CustomerCare__RateLimits__RequestsPerSecond"] = "100000",
                ["CustomerCare__RateLimits__Burst"] = "100000",
            });
            await Http.UntilHealthyAsync(new Uri(address, "/health"), care, StartDeadline, stop);
            return new CareSetup(views, care, address, orders);
        }
        catch
        {
            await views.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _care.DisposeAsync();
        await _views.DisposeAsync();
    }
}
