using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChangeFeed.ServiceDefaults;

/// <summary>Runs a service, and says in a sentence what keeps it from starting.</summary>
public static class ServiceRunner
{
    /// <summary>
    /// Builds the service and runs it until it is told to stop. What keeps it from starting is one sentence on standard error and exit code 1,
    /// wherever a setting is read first.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Its endpoints and middleware.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServiceAsync(this WebApplicationBuilder builder, Action<WebApplication> configure)
    {
        try
        {
            await using var app = builder.Build();
            configure(app);
            app.Services.GetService<IStartupValidator>()?.Validate();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (StartupProblem.Describe(e) is { } sentences)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, sentences));
            return 1;
        }
    }
}
