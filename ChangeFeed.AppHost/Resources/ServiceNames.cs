using Aspire.Hosting.ApplicationModel;

namespace ChangeFeed.AppHost.Resources;

/// <summary>The services one calls by name, and where they are.</summary>
internal static class ServiceNames
{
    public const string Orders = "orders-api";
    public const string Care = "customer-care";

    /// <summary>The endpoints of the workers but the views, as their leases name them.</summary>
    public static readonly IReadOnlyList<string> Workers = ["tax", "tax-audit", "payment", "fulfillment", "notification"];

    /// <summary>The address of a service, without a slash at its end.</summary>
    public static string UrlOf(this DistributedApplicationModel model, string service) =>
        model.Resources.OfType<IResourceWithEndpoints>().Single(r => r.Name == service).GetEndpoint("http").Url;
}
