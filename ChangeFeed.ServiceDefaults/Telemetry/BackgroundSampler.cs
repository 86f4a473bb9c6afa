using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ChangeFeed.ServiceDefaults.Telemetry;

/// <summary>
/// Decides on spans that begin a trace. Requests from outside, events that are handled, and what makes events begin one; a call to a
/// store or a service that has no cause is a service looking after itself, and begins none. What has a cause shares its fate.
/// </summary>
/// <remarks>Set in code, it takes precedence over <c>OTEL_TRACES_SAMPLER</c>, which app hosts set to <c>always_on</c>.</remarks>
internal sealed class BackgroundSampler : Sampler
{
    public static Sampler Create(TelemetryOptions options) =>
        new ParentBasedSampler(options.TraceBackground ? new AlwaysOnSampler() : new BackgroundSampler());

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(
        samplingParameters.Kind is ActivityKind.Server or ActivityKind.Consumer or ActivityKind.Producer
            ? SamplingDecision.RecordAndSample
            : SamplingDecision.Drop);
}
