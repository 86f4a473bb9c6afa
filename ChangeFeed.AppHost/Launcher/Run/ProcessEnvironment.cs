namespace OrderPipeline.AppHost.Launcher;

/// <summary>The environment variables of a process, the same ones Aspire sets.</summary>
static class ProcessEnvironment
{
    public static Dictionary<string, string> Of(Instance instance, LaunchPlan plan, string? otlpEndpoint)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["OTEL_SERVICE_NAME"] = instance.Project.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Name}",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
        };
        if (instance.Url is { } url) environment["ASPNETCORE_URLS"] = url;
        if (otlpEndpoint is not null)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlpEndpoint;
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        }

        foreach (var referenced in instance.Project.References)
        {
            var urls = plan.Of(referenced).Select(i => i.Url).OfType<string>().ToList();
            for (var n = 0; n < urls.Count; n++) environment[$"services__{referenced.Name}__http__{n}"] = urls[n];
            if (urls.Count > 0) environment[$"{referenced.Name.Replace('-', '_').ToUpperInvariant()}_HTTP"] = urls[0];
        }

        foreach (var (name, value) in instance.Project.Environment) environment[name] = value;
        return environment;
    }
}
