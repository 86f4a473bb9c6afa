using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orders.Web;

namespace Orders.CustomerCare.Search;

/// <summary>
/// What each caller may spend on searching. A search takes what it may cost at most, so that many at once cannot spend more, and gives back
/// what it did not need. One that is broken off needs all of it.
/// </summary>
internal sealed class SearchBudget(IOptions<SearchOptions> options, TimeProvider time)
{
    private const int MaxAccounts = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = []; // by the name of the caller

    /// <summary>Takes what a search may cost.</summary>
    /// <exception cref="InvalidRequestException">So much is not left at the moment: 429.</exception>
    public void Take(string who)
    {
        var (units, perSecond) = (options.Value.RequestUnits, options.Value.RequestUnitsPerSecond);
        lock (_lock)
        {
            var account = Now(who);
            if (account.Left >= units)
            {
                if (_accounts.Count >= MaxAccounts)
                    ForgetThoseWhoOweNothing();
                _accounts[who] = account with { Left = account.Left - units };
                return;
            }

            var wait = TimeSpan.FromSeconds(Math.Ceiling((units - account.Left) / perSecond));
            throw new InvalidRequestException(
                StatusCodes.Status429TooManyRequests,
                $"Searching has cost what this caller may spend: {perSecond} request units a second. Try again in {wait.TotalSeconds} s.")
            { RetryAfter = wait };
        }
    }

    /// <summary>Gives back what a search did not need; takes the rest where it needed more.</summary>
    public void Return(string who, double cost)
    {
        lock (_lock)
        {
            var account = Now(who);
            _accounts[who] = account with { Left = account.Left + options.Value.RequestUnits - cost };
        }
    }

    private void ForgetThoseWhoOweNothing()
    {
        foreach (var who in _accounts.Keys.Where(who => Now(who).Left >= options.Value.Burst).ToList())
            _accounts.Remove(who);
    }

    private Account Now(string who)
    {
        var now = time.GetTimestamp();
        if (!_accounts.TryGetValue(who, out var account))
            return new Account(options.Value.Burst, now);
        var earned = time.GetElapsedTime(account.At, now).TotalSeconds * options.Value.RequestUnitsPerSecond;
        return new Account(Math.Min(options.Value.Burst, account.Left + earned), now);
    }

    private readonly record struct Account(double Left, long At);
}
