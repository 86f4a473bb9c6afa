using Aspire.Hosting.ApplicationModel;

namespace OrderPipeline.AppHost;

/// <summary>Tells under which prefix a worker keeps its leases.</summary>
sealed record LeasePrefixAnnotation(string Prefix) : IResourceAnnotation;
