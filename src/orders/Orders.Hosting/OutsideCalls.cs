using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orders.Hosting;

/// <summary>How long a call to a system that is not ours may take. Section <c>OutsideCalls</c>.</summary>
public sealed class OutsideCallOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OutsideCalls";

    /// <summary>How long one call may take; 100 ms to 5 minutes. Handling the event has a deadline of its own, for all its attempts.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

internal sealed class OutsideCallOptionsValidation : IValidateOptions<OutsideCallOptions>
{
    public ValidateOptionsResult Validate(string? name, OutsideCallOptions options) =>
        options.Timeout >= TimeSpan.FromMilliseconds(100) && options.Timeout <= TimeSpan.FromMinutes(5)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("OutsideCalls:Timeout must be between 00:00:00.100 and 00:05:00.");
}

/// <summary>
/// Gives every call to a system that is not ours a deadline. What does not heed it is not waited for either: each such call has a key under
/// which it happens once, so the next attempt finds out what became of it.
/// </summary>
public sealed class OutsideCalls(IOptions<OutsideCallOptions> options, TimeProvider time)
{
    /// <summary>Calls.</summary>
    /// <param name="system">Which system, for the message: <c>payment gateway</c>.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public async Task<T> RunAsync<T>(string system, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.Timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await call(end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The {system} did not answer within {options.Value.Timeout}, as OutsideCalls:Timeout says.", e);
        }
    }
}

/// <summary>Registration of <see cref="OutsideCalls"/>.</summary>
public static class OutsideCallExtensions
{
    /// <summary>Adds the deadline of calls to other systems.</summary>
    public static IServiceCollection AddOutsideCalls(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<OutsideCallOptions>, OutsideCallOptionsValidation>();
        services.AddOptions<OutsideCallOptions>().BindConfiguration(OutsideCallOptions.Section).ValidateOnStart();
        return services.AddSingleton<OutsideCalls>();
    }
}
