using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orders.Simulators;

/// <summary>What every simulated outside system has in common: a memory on disk, and being as slow and unreliable as it is told to be.</summary>
public sealed class Simulator(IOptions<SimulatorOptions> options, TimeProvider time)
{
    /// <summary>The time stamp of its entries.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A ledger in a directory of this name.</summary>
    public SimulatorLedger<T> OpenLedger<T>(string name, JsonTypeInfo<T> json)
        where T : class => new(Path.GetFullPath(Path.Combine(options.Value.Directory, name)), json);

    /// <summary>Makes one call to the outside: waits, does the work, and fails as often as configured, before or after it.</summary>
    /// <exception cref="SimulatedOutageException">This call was one of those that fail.</exception>
    public async Task<T> CallAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (options.Value.Latency > TimeSpan.Zero)
            await WaitAsync(options.Value.Latency, cancellationToken);
        if (Random.Shared.NextDouble() >= options.Value.FailureRate)
            return work();

        var lostAnswer = Random.Shared.Next(2) == 0;
        if (lostAnswer)
            work();
        throw new SimulatedOutageException(lostAnswer ? "The simulated system did not answer in time." : "The simulated system cannot be reached.");
    }

    /// <summary>The file that ends what stays broken until somebody repairs it.</summary>
    public string RepairFile => Path.GetFullPath(Path.Combine(options.Value.Directory, "repaired"));

    /// <summary>Whether somebody did.</summary>
    public bool IsRepaired => File.Exists(RepairFile);

    /// <summary>Takes its time.</summary>
    public Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken) => Task.Delay(duration, time, cancellationToken);
}

/// <summary>A simulated system fails for a moment; the same call may succeed when it is made again.</summary>
public sealed class SimulatedOutageException(string message) : Exception(message);

/// <summary>Registration of the simulators.</summary>
public static class SimulatorExtensions
{
    /// <summary>Adds <see cref="Simulator"/>, configured by the section <c>Simulators</c>.</summary>
    public static IServiceCollection AddSimulators(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<SimulatorOptions>, SimulatorOptionsValidation>();
        services.AddOptions<SimulatorOptions>().Bind(configuration.GetSection(SimulatorOptions.Section)).ValidateOnStart();
        return services.AddSingleton<Simulator>();
    }
}
