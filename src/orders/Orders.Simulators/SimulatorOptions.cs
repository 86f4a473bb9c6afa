using Microsoft.Extensions.Options;
using Orders.Hosting.Files;

namespace Orders.Simulators;

/// <summary>How the simulated outside systems behave. Section <c>Simulators</c>.</summary>
public sealed class SimulatorOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Simulators";

    /// <summary>Where they keep what happened; shared by all instances on the machine. Relative to the current directory.</summary>
    public string Directory { get; set; } = Path.Combine(".data", "simulators");

    /// <summary>How long every call takes, up to one minute.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Share of calls that fail for a moment, 0 to 1; half of them after the work was done, as when an answer is lost.</summary>
    public double FailureRate { get; set; }
}

/// <summary>Names the setting that is wrong.</summary>
public sealed class SimulatorOptionsValidation : IValidateOptions<SimulatorOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SimulatorOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Directory))
            return ValidateOptionsResult.Fail("Simulators:Directory must name a directory, for example .data/simulators.");
        if (options.Latency < TimeSpan.Zero || options.Latency > TimeSpan.FromMinutes(1))
            return ValidateOptionsResult.Fail("Simulators:Latency must be between 00:00:00 and 00:01:00.");
        if (options.FailureRate is not (>= 0 and <= 1))
            return ValidateOptionsResult.Fail("Simulators:FailureRate must be between 0 and 1, for example 0.1 for every tenth call.");
        return WritableDirectory.Validate("Simulators:Directory", options.Directory);
    }
}
