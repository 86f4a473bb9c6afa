using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Options;
using ChangeFeed.AppHost.Resources;
using Microsoft.Extensions.Configuration;

namespace ChangeFeed.AppHost.Lifecycle;

/// <summary>The last lines a newcomer sees: what runs, where, and the key.</summary>
internal sealed class WhereToFindIt(DistributedApplicationModel model, IConfiguration configuration, Settings settings)
{
    private const string Dashboard = "aspire-dashboard";

    public void Write(TextWriter output, TimeSpan startedAfter)
    {
        output.WriteLine();
        output.WriteLine($"Everything is healthy after {startedAfter.TotalSeconds:0.0} s.");
        if (DashboardLogin is { } dashboard)
            WriteLine("Dashboard", dashboard);
        WriteLine("Orders API", $"{model.UrlOf(ServiceNames.Orders)}/swagger");
        WriteLine("Customer care", model.UrlOf(ServiceNames.Care));
        WriteLine("Customer care API", $"{model.UrlOf(ServiceNames.Care)}/swagger");
        WriteLine("Key of both APIs and pages", $"{settings.CareKey}{(settings.CareKeyIsNew ? " (until the next start; --care-key KEY fixes it)" : "")}");
        output.WriteLine(settings.RequireAuth
            ? "Both APIs let nobody in without the key in X-Api-Key, or a token."
            : "Without a key, the orders API lets everybody in and customer care shows everything; --require-auth ends that.");
        output.WriteLine("Ctrl+C stops everything.");

        void WriteLine(string what, string where) => output.WriteLine($"  {what,-26} {where}");
    }

    /// <summary>The dashboard's address with its token; null where there is no dashboard.</summary>
    public string? DashboardLogin
    {
        get
        {
            var url = model.Resources.Any(r => r.Name == Dashboard) ? configuration["ASPNETCORE_URLS"]?.Split(';')[0] : null;
            return url is not null && configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{url}/login?t={token}" : url;
        }
    }
}
