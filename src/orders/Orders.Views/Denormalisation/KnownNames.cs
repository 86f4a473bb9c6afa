using ChangeFeed.Projections.Writing;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Reads what a customer or a product is called; null when it was not made known.</summary>
public delegate Task<ReferenceName?> ReadName(Reference reference, CancellationToken cancellationToken);

/// <summary>
/// What customers and products are called, as it was at most <see cref="MaxAge"/> ago. Several who ask at once, as all views do for an
/// order, share one read; a product that is sold often is read once in <see cref="MaxAge"/>.
/// </summary>
public sealed class KnownNames(ReadName read, TimeProvider time)
{
    /// <summary>The oldest knowledge given. Whoever renames looks for orders again after <see cref="EverybodyKnows"/>.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From then on nobody uses a name from before. Twice the age, since a store that is not strongly consistent may answer with what was a moment ago.
    /// </summary>
    public static readonly TimeSpan EverybodyKnows = MaxAge * 2;

    private readonly BoundedCache<Reference, Answer> _answers = new(10_000);

    /// <summary>A name, and when it was asked for, on the clock of <see cref="IsCurrent"/>.</summary>
    public async ValueTask<(ReferenceName? Name, long Asked)> OfAsync(Reference reference, CancellationToken cancellationToken)
    {
        if (!_answers.TryGet(reference, out var answer) || !IsCurrent(answer.Asked) || answer.Name is { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            // Asked before the store answers, so that the age is never understated.
            answer = _answers.Set(reference, new Answer(time.GetTimestamp(), read(reference, CancellationToken.None)));
        }

        return (await answer.Name.WaitAsync(cancellationToken), answer.Asked);
    }

    /// <summary>Whether what was asked for then may still be relied on.</summary>
    public bool IsCurrent(long asked) => time.GetElapsedTime(asked) < MaxAge;

    private sealed record Answer(long Asked, Task<ReferenceName?> Name);
}
