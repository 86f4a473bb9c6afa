using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Fencing;

/// <summary>
/// The container that serves, wherever it is. What is done through it is acknowledged only if its epoch had not ended: a switch loses nothing that
/// was acknowledged. While it switches, callers wait.
/// </summary>
/// <param name="member">This process in the directory.</param>
/// <param name="accounts">The accounts.</param>
public sealed class DirectedContainer(EpochMember member, AccountClients accounts)
{
    /// <summary>Does something on the container that serves.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="operation">What to do, given the container and where it is, from which its partition key is known.</param>
    /// <param name="repeatable">
    /// Whether it may simply be done again where its epoch ended meanwhile: reads, and writes that are conditional, or the same when done twice.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for an epoch.</param>
    /// <exception cref="EpochEndedException">Its epoch ended meanwhile, and it may not simply be done again.</exception>
    public async Task<T> RunAsync<T>(
        Func<Container, ContainerLocation, Task<T>> operation, bool repeatable, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var grant = await member.EnterAsync(cancellationToken);
            Exception? failure = null;
            try
            {
                var location = grant.Entry.Serving;
                T result = default!;
                try
                {
                    result = await operation(accounts.Container(location), location);
                }
                catch (Exception e)
                {
                    failure = e;
                }

                if (await member.EndedInTimeAsync(grant, cancellationToken))
                {
                    if (failure is not null)
                        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
                    return result;
                }
            }
            finally
            {
                member.Leave();
            }

            if (!repeatable)
                throw new EpochEndedException($"{grant.Entry.Serving} stopped serving while an operation was under way; do it again.", failure);
        }
    }
}
