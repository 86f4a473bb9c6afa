using MassTransit;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Counts the attempts of MassTransit's retry, for the dead letter.</summary>
internal sealed class AttemptCounter : IRetryObserver
{
    public Task PreRetry<T>(RetryContext<T> context)
        where T : class, PipeContext
    {
        if (context.Context.TryGetPayload<FeedDelivery>(out var delivery))
            delivery.Attempts++;
        return Task.CompletedTask;
    }

    public Task PostCreate<T>(RetryPolicyContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task PostFault<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task RetryFault<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task RetryComplete<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;
}
