using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Deployment.Tests;

/// <summary>deploy/k8s describes the services of the compose file.</summary>
public sealed class KubernetesTests
{
    private static readonly IReadOnlyDictionary<string, ComposeFile.Service> Services = ComposeFile.Read().OfOrders;

    [Fact]
    public void Every_service_is_deployed_with_the_settings_it_has_in_the_compose_file()
    {
        var deployments = Items("system.yaml").Where(item => (string)item["kind"] == "Deployment").ToDictionary(Name);

        deployments.Keys.Order().ShouldBe(Services.Keys.Order());
        foreach (var (name, service) in Services)
        {
            var container = Map(List(Map(Map(Map(deployments[name]["spec"])["template"])["spec"])["containers"])[0]);
            container["image"].ShouldBe($"order-pipeline/{name}");
            var given = List(container["env"]).Select(variable => (string)Map(variable)["name"]).Concat(Elsewhere);
            service.Environment.Keys.ShouldBeSubsetOf(given, name);
        }
    }

    [Fact]
    public void Every_worker_is_scaled_by_the_leases_it_has()
    {
        var scaled = Items("scaling.yaml").ToDictionary(Name);

        scaled.Keys.Order().ShouldBe(Services.Keys.Except(["orders-api", "customer-care"]).Order());
        foreach (var (name, item) in scaled)
        {
            var spec = Map(item["spec"]);
            Map(spec["scaleTargetRef"])["name"].ShouldBe(name);
            var prefixes = List(spec["triggers"]).Select(trigger => (string)Map(Map(trigger)["metadata"])["processorName"]).ToList();
            prefixes.ShouldBe(name == "views" ? ["order-status:", "customer-orders:", "statistics:", "search:"] : [$"{name}:"]);
        }
    }

    // Secrets, and what is for embedded stores only.
    private static readonly string[] Elsewhere =
        ["ConnectionStrings__cosmos", "OrdersApi__Key", "CustomerCare__Key", "Shopper__Key", "Cosmos__VersionRetention", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    private static IEnumerable<Dictionary<object, object>> Items(string file)
    {
        using var text = File.OpenText(Repository.File($"deploy/k8s/{file}"));
        var document = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(text)));
        return List(document["items"]).Select(Map);
    }

    private static string Name(Dictionary<object, object> item) => (string)Map(item["metadata"])["name"];

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    private static List<object> List(object value) => (List<object>)value;
}
