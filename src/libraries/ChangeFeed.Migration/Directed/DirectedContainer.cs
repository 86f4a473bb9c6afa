using System.Runtime.ExceptionServices;
using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>
/// The container that serves, wherever it is, for a program that knows it by its place and partition key from before any migration. What is done through
/// it is acknowledged only if its epoch had not ended: a switch loses nothing that was acknowledged. While it switches, callers wait.
/// </summary>
public sealed class DirectedContainer
{
    private readonly EpochMember _member;
    private readonly DirectedSides _sides;

    /// <summary>Follows the directory.</summary>
    /// <param name="member">This process in the directory.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="home">Where the container was before any migration.</param>
    /// <param name="partitionKey">Its partition key there, in whose terms callers speak.</param>
    /// <param name="transformations">The transformations migrations may have.</param>
    public DirectedContainer(
        EpochMember member, AccountClients accounts, ContainerLocation home, IReadOnlyList<string> partitionKey, Transformations transformations)
    {
        _member = member;
        _sides = new DirectedSides(member.Directory, accounts, home, partitionKey, transformations);
        Container = new FollowingContainer(this);
    }

    /// <summary>
    /// It as a container of the SDK. Partitions are given, and documents written, as before any migration; what is read is as the container that serves
    /// has it. Documents are written as streams. Reads, and writes that are conditional or the same when done twice, are done again where their epoch ended,
    /// as the SDK does where an answer was lost: a create may so be refused by what it wrote itself.
    /// <para>
    /// An iterator stays on the container where its first page was read: it has what was acknowledged before it began. A continuation that another container
    /// gave is refused with <see cref="CosmosException"/> 400: begin anew. A change feed of one partition key, and processors, are not for it: see
    /// <see cref="RouteAsync"/>.
    /// </para>
    /// </summary>
    public Container Container { get; }

    /// <summary>Its place before any migration.</summary>
    internal Container Home => _sides.Home;

    /// <summary>The one that served when it was last used; what is not done on documents is asked of it.</summary>
    internal Container Latest => _sides.Latest;

    /// <summary>Does something on the container that serves.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="operation">What to do, given the container, in the terms of <see cref="Container"/>.</param>
    /// <param name="repeatable">
    /// Whether it may simply be done again where its epoch ended meanwhile: reads, and writes that are conditional, or the same when done twice.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for an epoch.</param>
    /// <exception cref="EpochEndedException">Its epoch ended meanwhile, and it may not simply be done again.</exception>
    /// <exception cref="MigrationException">A migration was cut over that this cannot follow.</exception>
    public async Task<T> RunAsync<T>(Func<Container, Task<T>> operation, bool repeatable, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var grant = await _member.EnterAsync(cancellationToken);
            Exception? failure = null;
            try
            {
                T result = default!;
                try
                {
                    result = await operation(await _sides.ServingAsync(grant.Entry, cancellationToken));
                }
                catch (Exception e)
                {
                    failure = e;
                }

                if (await _member.EndedInTimeAsync(grant, cancellationToken))
                {
                    if (failure is not null)
                        ExceptionDispatchInfo.Throw(failure);
                    return result;
                }
            }
            finally
            {
                _member.Leave();
            }

            if (!repeatable)
                throw new EpochEndedException($"{grant.Entry.Serving} stopped serving while an operation was under way; do it again.", failure);
        }
    }

    /// <summary>Where it is and was, for consumers of its feed, as soon as that is a later generation.</summary>
    /// <param name="after">The generation that is known; 0 for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MigrationException">A migration was cut over that this cannot follow.</exception>
    public async Task<DirectedRoute> RouteAsync(long after, CancellationToken cancellationToken = default)
    {
        for (var epoch = 0L; ;)
        {
            var entry = await _member.WaitForAsync(epoch, cancellationToken);
            if (await _sides.RouteAsync(entry, cancellationToken) is { } route && route.Generation > after)
                return route;
            epoch = entry.Epoch;
        }
    }
}
