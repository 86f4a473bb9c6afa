using ChangeFeed.Projections.Enrichment;

namespace ChangeFeed.Projections.Tests.Enrichment;

public sealed class UnfinishedPagesTests
{
    private readonly UnfinishedPages _pages = new(TestContext.Current.CancellationToken);
    private readonly List<int> _noted = [];

    [Fact]
    public async Task A_place_is_noted_only_when_nothing_before_it_is_unfinished_and_of_several_the_last()
    {
        var pages = Enumerable.Range(0, 4).Select(Add).ToList();

        await _pages.FinishAsync(pages[2]);
        await _pages.FinishAsync(pages[1]);
        _noted.ShouldBeEmpty();
        await _pages.FinishAsync(pages[0]);
        _noted.ShouldBe([2]);
        await _pages.FinishAsync(pages[3]);
        _noted.ShouldBe([2, 3]);
    }

    [Fact]
    public async Task However_many_pages_are_finished_behind_an_unfinished_one_two_are_kept()
    {
        var stuck = Add(0);
        for (var page = 1; page <= 1000; page++)
            await _pages.FinishAsync(Add(page));

        _pages.Count.ShouldBe(2);
        await _pages.FinishAsync(stuck);
        (_pages.Count, _noted.ShouldHaveSingleItem()).ShouldBe((0, 1000));
    }

    private LinkedListNode<UnfinishedPages.Page> Add(int page) => _pages.Add(() =>
    {
        _noted.Add(page);
        return Task.CompletedTask;
    });
}
