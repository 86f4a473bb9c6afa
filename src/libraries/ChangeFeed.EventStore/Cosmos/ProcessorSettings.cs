namespace ChangeFeed.EventStore.Cosmos;

/// <summary>How the instances of a service share a change feed through leases.</summary>
/// <param name="AcquireInterval">Pause between two looks for leases to take over.</param>
/// <param name="ExpirationInterval">Age at which a lease that is not renewed counts as abandoned.</param>
/// <param name="RenewInterval">Pause between two renewals of a lease; less than <paramref name="ExpirationInterval"/>.</param>
/// <param name="PollInterval">Pause between two reads of a partition that had nothing new.</param>
public sealed record ProcessorSettings(TimeSpan AcquireInterval, TimeSpan ExpirationInterval, TimeSpan RenewInterval, TimeSpan PollInterval);
