using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>
/// The pages of a query or a feed. The first is read where is served; the others come from there too: positions of one container mean nothing in another,
/// and what was acknowledged before the first page is there.
/// </summary>
internal sealed class DirectedPages<TIterator>(DirectedContainer directed, Func<Container, TIterator> open) : IDisposable
    where TIterator : IDisposable
{
    private TIterator? _opened;

    public bool HasMore(Func<TIterator, bool> has) => _opened is null || has(_opened);

    public async Task<TPage> ReadAsync<TPage>(Func<TIterator, Task<TPage>> read, CancellationToken cancellationToken)
    {
        if (_opened is not null)
            return await read(_opened);
        var (iterator, page) = await directed.RunAsync(
            async container =>
            {
                var pages = open(container);
                try
                {
                    return (pages, await read(pages));
                }
                catch
                {
                    pages.Dispose();
                    throw;
                }
            },
            repeatable: true, cancellationToken);
        _opened = iterator;
        return page;
    }

    public void Dispose() => _opened?.Dispose();
}

/// <inheritdoc cref="DirectedPages{TIterator}"/>
internal sealed class DirectedIterator(DirectedContainer directed, Func<Container, FeedIterator> open) : FeedIterator
{
    private readonly DirectedPages<FeedIterator> _pages = new(directed, open);

    public override bool HasMoreResults => _pages.HasMore(pages => pages.HasMoreResults);

    public override Task<ResponseMessage> ReadNextAsync(CancellationToken cancellationToken = default) =>
        _pages.ReadAsync(pages => pages.ReadNextAsync(cancellationToken), cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _pages.Dispose();
        base.Dispose(disposing);
    }
}

/// <inheritdoc cref="DirectedPages{TIterator}"/>
internal sealed class DirectedIterator<T>(DirectedContainer directed, Func<Container, FeedIterator<T>> open) : FeedIterator<T>
{
    private readonly DirectedPages<FeedIterator<T>> _pages = new(directed, open);

    public override bool HasMoreResults => _pages.HasMore(pages => pages.HasMoreResults);

    public override Task<FeedResponse<T>> ReadNextAsync(CancellationToken cancellationToken = default) =>
        _pages.ReadAsync(pages => pages.ReadNextAsync(cancellationToken), cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _pages.Dispose();
        base.Dispose(disposing);
    }
}
