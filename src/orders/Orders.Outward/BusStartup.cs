using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Orders.Outward;

/// <summary>Says at start what is wrong with the address of the broker, or with the credentials; one that goes away later is lag.</summary>
internal sealed class BusStartup(BusOptions options, TimeProvider time, ILogger<BusStartup> logger) : IHostedService
{
    private const string Setting = $"ConnectionStrings:{BusOptions.ConnectionName}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(options.ConnectionString), AutomaticRecoveryEnabled = false };
        for (var started = time.GetTimestamp(); ;)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync("order-pipeline-start", cancellationToken);
                return;
            }
            catch (BrokerUnreachableException e) when (e.InnerException is AuthenticationFailureException)
            {
                throw new StartupException($"The broker at {Setting} does not let this service in: user or password is wrong, or may not use the virtual host.", e);
            }
            catch (BrokerUnreachableException e)
            {
                var problem = e.GetBaseException().Message;
                if (time.GetElapsedTime(started) > Patience)
                    throw new StartupException($"The broker at {Setting} does not answer within {Patience.TotalSeconds} s: {problem}", e);
                logger.LogInformation("The broker does not answer yet: {Problem}", problem);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
