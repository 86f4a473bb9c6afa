using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Cosmos;

/// <summary>How the instances of a service share a change feed through leases.</summary>
/// <param name="AcquireInterval">Pause between two looks for leases to take over.</param>
/// <param name="ExpirationInterval">Age at which a lease that is not renewed counts as abandoned.</param>
/// <param name="RenewInterval">Pause between two renewals of a lease; less than <paramref name="ExpirationInterval"/>.</param>
/// <param name="PollInterval">Pause between two reads of a partition that had nothing new.</param>
public sealed record ProcessorSettings(TimeSpan AcquireInterval, TimeSpan ExpirationInterval, TimeSpan RenewInterval, TimeSpan PollInterval);

/// <summary>What every change feed processor of a service has in common.</summary>
public static class ProcessorBuilderExtensions
{
    /// <summary>Shares the feed with the other instances, under an instance name of its own.</summary>
    /// <param name="builder">The processor.</param>
    /// <param name="leases">The container of the leases, partition key <c>/id</c>.</param>
    /// <param name="settings">How the instances share.</param>
    public static ChangeFeedProcessorBuilder WithSharedLeases(this ChangeFeedProcessorBuilder builder, Container leases, ProcessorSettings settings) => builder
        .WithInstanceName(ServiceInstance.NewName())
        .WithLeaseContainer(leases)
        .WithLeaseConfiguration(settings.AcquireInterval, settings.ExpirationInterval, settings.RenewInterval)
        .WithPollInterval(settings.PollInterval);

    /// <summary>Begins with what is there already. The SDK's default, now, skips what came before the first page of a lease.</summary>
    /// <param name="builder">The processor.</param>
    public static ChangeFeedProcessorBuilder FromBeginning(this ChangeFeedProcessorBuilder builder) =>
        builder.WithStartTime(DateTime.MinValue.ToUniversalTime());
}
