using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orders.CustomerCare.Search;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Tests.Search;

public sealed class SearchBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SearchBudget _budget;

    public SearchBudgetTests() => _budget = new SearchBudget(
        Options.Create(new SearchOptions { RequestUnits = 1000, RequestUnitsPerSecond = 100, Burst = 2500 }), _time);

    [Fact]
    public void Searches_at_once_spend_no_more_than_a_key_may_and_others_are_not_held_up_by_it()
    {
        _budget.Take("ada");
        _budget.Take("ada");

        var refused = Should.Throw<InvalidRequestException>(() => _budget.Take("ada"));

        (refused.Status, refused.RetryAfter).ShouldBe((429, TimeSpan.FromSeconds(5)));
        refused.Message.ShouldBe("Searching has cost what this caller may spend: 100 request units a second. Try again in 5 s.");
        _budget.Take("bob");
        _time.Advance(TimeSpan.FromSeconds(5));
        _budget.Take("ada");
    }

    [Fact]
    public void What_a_search_did_not_need_is_given_back_and_what_it_needed_beyond_is_owed()
    {
        for (var i = 0; i < 100; i++)
        {
            _budget.Take("ada");
            _budget.Return("ada", 3);
        }

        _budget.Take("ada");
        _budget.Return("ada", 4000);
        Should.Throw<InvalidRequestException>(() => _budget.Take("ada")).RetryAfter.ShouldBe(TimeSpan.FromSeconds(28));
    }

    [Theory]
    [InlineData(99, 1, 20_000, "CustomerCare:Search:RequestUnits is 99; it must be from 100 to 100000.")]
    [InlineData(100, 0, 20_000, "CustomerCare:Search:RequestUnitsPerSecond is 0; it must be from 1 to 1000000.")]
    [InlineData(500, 1, 499, "CustomerCare:Search:Burst is 499; it must be from 500 to 10000000.")]
    public void A_wrong_setting_is_named(int units, int perSecond, int burst, string sentence) =>
        new LimitOptionsValidation<SearchOptions>(SearchOptions.Section)
            .Validate(null, new SearchOptions { RequestUnits = units, RequestUnitsPerSecond = perSecond, Burst = burst })
            .FailureMessage.ShouldBe(sentence);
}
