using System.ComponentModel;
using System.Security.Claims;
using Orders.Web;

namespace Orders.CustomerCare.Mcp;

/// <summary>What would be done, looked at before it is done.</summary>
/// <param name="Subject">What it is done to, as in the audit trail.</param>
/// <param name="Action">What is done, as in the audit trail.</param>
/// <param name="Reason">Why; null where no reason is needed and none was given.</param>
/// <param name="Seen">How the target stands: when that has changed, what was agreed to is not what would happen.</param>
/// <param name="WouldHappen">What would happen, a sentence each.</param>
internal sealed record Proposal(string Subject, string Action, string? Reason, string Seen, IReadOnlyList<string> WouldHappen)
{
    /// <summary>The action itself refuses when things have changed since they were seen.</summary>
    public bool LooksForItself { get; init; }
}

/// <summary>What an action would do, or has done.</summary>
internal sealed record ActionAnswer(
    [property: Description("Whether it was done. False: nothing was changed yet.")] bool Done,
    [property: Description("What would happen, or what was done.")] IReadOnlyList<string> Says,
    [property: Description("Call again with the same arguments and this token to do it; null when it is done.")] string? Token = null,
    [property: Description("When the token ends.")] DateTimeOffset? ValidUntil = null);

/// <summary>Nothing is done by a program on the first call.</summary>
internal sealed class TwoSteps(Confirmations confirmations)
{
    private static readonly TextRule Token = new(64);

    /// <summary>Says what would happen where there is no token, and does it where there is the right one.</summary>
    /// <param name="proposal">What would be done.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="token">The token of the first call.</param>
    /// <param name="act">Does it, with what was seen at the first call, and says what was done.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidRequestException">The token is wrong.</exception>
    public async Task<ActionAnswer> RunAsync(
        Proposal proposal, ClaimsPrincipal user, string? token, Func<string, Task<string>> act, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            var (given, until) = await confirmations.AskAsync(proposal, user, cancellationToken);
            return new ActionAnswer(false, proposal.WouldHappen, given, until);
        }

        var seen = await confirmations.UseAsync(QueryValue.Text("token", token, Token)!, proposal, user, cancellationToken);
        return new ActionAnswer(true, [await act(seen)]);
    }
}
