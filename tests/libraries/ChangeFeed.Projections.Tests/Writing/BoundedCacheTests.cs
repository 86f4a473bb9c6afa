using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Projections.Tests.Writing;

public class BoundedCacheTests
{
    private readonly BoundedCache<int, string> _cache = new(3);

    [Fact]
    public void It_holds_as_many_entries_as_it_may_and_the_last_one_always()
    {
        for (var key = 0; key < 3; key++)
            _cache.Set(key, $"{key}");
        Held().ShouldBe(3);

        _cache.Set(3, "3");

        Held().ShouldBe(1);
        _cache.TryGet(3, out var value).ShouldBeTrue();
        value.ShouldBe("3");
    }

    [Fact]
    public void Changing_and_removing_entries_does_not_fill_it()
    {
        for (var round = 0; round < 10; round++)
        {
            for (var key = 0; key < 3; key++)
                _cache.Set(key, $"{round}");
            _cache.Remove(1);
            _cache.Remove(1);
        }

        Held().ShouldBe(2);
        _cache.TryGet(0, out var value).ShouldBeTrue();
        value.ShouldBe("9");
    }

    [Fact]
    public async Task It_stays_bounded_when_many_write_at_once()
    {
        var cache = new BoundedCache<int, int>(100);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                cache.Set((i * 4) + worker, i);
                if (i % 3 == 0)
                    cache.Remove((i * 4) + worker);
            }
        })));

        Enumerable.Range(0, 80_000).Count(key => cache.TryGet(key, out _)).ShouldBeLessThan(200);
    }

    private int Held() => Enumerable.Range(0, 10).Count(key => _cache.TryGet(key, out _));
}
