using ChangeFeed.MassTransit;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.Positions;

/// <summary>Saves and moves the positions of services in the name of an agent.</summary>
internal sealed class PositionActions(EndpointPositions positions, AuditTrail audit)
{
    private const string Changed = "Is of a dry run that said something else than one would say now: run it dry again, and look at what it says.";

    /// <summary>What moving a service would do.</summary>
    /// <returns>Null when there is no such service.</returns>
    /// <exception cref="InvalidRequestException">There is no such place in the feed.</exception>
    public Task<PositionPreview?> PreviewAsync(string service, PositionTarget target, CancellationToken cancellationToken) => NamingFieldsAsync(async () =>
        await positions.PlanAsync(service, target, cancellationToken) is { } plan ? PositionPreview.Of(plan) : null);

    /// <returns>What was kept; null when there is no such service.</returns>
    /// <exception cref="InvalidRequestException">The name or the reason is wrong.</exception>
    public async Task<SavedPosition?> SaveAsync(string service, string name, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Optional(reason);
        if (!await positions.ExistsAsync(service, cancellationToken))
            return null;
        return await NamingFieldsAsync(() => audit.DoAsync(
            AuditSubject.Service(service), agent, "save-position", why, () => positions.SaveAsync(service, name, agent, why, cancellationToken),
            cancellationToken, new Dictionary<string, string> { ["name"] = name }));
    }

    /// <returns>The move; null when there is no such service.</returns>
    /// <exception cref="InvalidRequestException">The reason is wrong, or what was looked at is not so any more.</exception>
    public async Task<PositionMove?> MoveAsync(
        string service, PositionTarget target, string token, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        if (!await positions.ExistsAsync(service, cancellationToken))
            return null;
        var action = target.Kind == PositionTargetKind.Now ? "skip" : "rewind";
        var moved = await NamingFieldsAsync(() => audit.DoAsync(
            AuditSubject.Service(service), agent, action, why, () => positions.MoveAsync(service, target, token, agent, why, cancellationToken),
            cancellationToken, new Dictionary<string, string> { ["to"] = target.ToString() }, move => move is null ? Changed : null));
        return moved ?? throw InvalidRequestException.Of("token", Changed);
    }

    /// <summary>Completes a move that was interrupted.</summary>
    /// <returns>The move; null when there was none, or no such service.</returns>
    /// <exception cref="InvalidRequestException">The reason is wrong.</exception>
    public async Task<PositionMove?> FinishAsync(string service, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        if (await positions.LastMoveAsync(service, cancellationToken) is not { } move)
            return null;
        return await audit.DoAsync(
            AuditSubject.Service(service), agent, "finish-move", why, () => positions.CompleteAsync(service, cancellationToken),
            cancellationToken, new Dictionary<string, string> { ["to"] = move.Target });
    }

    private static async Task<T> NamingFieldsAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (PositionException e)
        {
            throw InvalidRequestException.Of(e.Field, e.Message);
        }
    }
}
