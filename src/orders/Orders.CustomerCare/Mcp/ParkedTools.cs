using System.ComponentModel;
using System.Security.Claims;
using ChangeFeed.MassTransit;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.DeadLetters.Batches;
using Orders.Web;

namespace Orders.CustomerCare.Mcp;

/// <summary>Tells what is parked, and what a replay of it would do.</summary>
internal sealed class ParkedTools(ParkedOrders parked, DeadLetterClient deadLetters, BatchService batches, AuditTrail audit)
{
    public const string ServiceHelp = "Only orders parked at this service.";
    public const string ErrorTypeHelp = "Only orders that failed with an exception of this type, with or without its namespace.";
    public const string TextHelp = "Only orders whose error has this text in it.";
    public const string EventTypeHelp = "Only orders at which an event of this type failed.";
    public const string FromHelp = "Only orders parked at this time or later, ISO 8601.";
    public const string ToHelp = "Only orders parked before this time, ISO 8601.";

    [McpServerTool(Name = "parked_orders", Title = "What is parked", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Tells which orders are parked where, since when and why, those parked longest first; at most 200.")]
    public async Task<ParkedAnswer> ParkedAsync(
        CancellationToken cancellationToken,
        [Description(ServiceHelp)] string? service = null,
        [Description(ErrorTypeHelp)] string? errorType = null,
        [Description(TextHelp)] string? text = null,
        [Description(EventTypeHelp)] string? eventType = null,
        [Description(FromHelp)] string? from = null,
        [Description(ToHelp)] string? to = null) =>
        new([.. (await parked.ReadAsync(ParkedFilter.Of(service, errorType, text, eventType, from, to), cancellationToken)).Select(ToldParking.Of)]);

    [McpServerTool(Name = "preview_replay", Title = "What a replay would do", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Says what a replay would handle again and what that may do outside. Of one order with service and orderId, otherwise of all that match.")]
    public async Task<ReplayPreview> PreviewAsync(
        ClaimsPrincipal user,
        CancellationToken cancellationToken,
        [Description("Only this order; needs service too.")] string? orderId = null,
        [Description(ServiceHelp)] string? service = null,
        [Description(ErrorTypeHelp)] string? errorType = null,
        [Description(TextHelp)] string? text = null,
        [Description(EventTypeHelp)] string? eventType = null,
        [Description(FromHelp)] string? from = null,
        [Description(ToHelp)] string? to = null)
    {
        var filter = ParkedFilter.Of(service, errorType, text, eventType, from, to);
        if (string.IsNullOrWhiteSpace(orderId))
            return ReplayPreview.Of(await batches.PreviewAsync(DeadLetterAction.Replay, filter, cancellationToken));
        var waiting = await WaitingAsync(filter.Service, orderId, deadLetters, cancellationToken);
        await audit.RecordAccessAsync(AuditSubject.Stream(waiting.Parked.StreamId), user.Identity!.Name!, "read-letters", cancellationToken);
        return new ReplayPreview(1, [new BatchShare(waiting.Parked.Endpoint, 1)], [ToldParking.Of(waiting.Parked)], waiting.ReplaySays());
    }

    [McpServerTool(Name = "batch_progress", Title = "How far a batch is", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Tells how far a replay or discard of many orders is.")]
    public async Task<BatchView> ProgressAsync(
        [Description("Id of the batch, as replay_parked_orders and discard_parked_orders give it.")] string batch, CancellationToken cancellationToken)
    {
        var view = await batches.ReadAsync(batch, cancellationToken) ?? throw InvalidRequestException.Of("batch", "There is no such batch.");
        return view with
        {
            Reason = Withheld.Addresses.From(view.Reason),
            Failures = [.. view.Failures.Select(failure => failure with { Outcome = Withheld.Addresses.From(failure.Outcome) })],
        };
    }

    /// <summary>What waits of an order at a service.</summary>
    /// <exception cref="InvalidRequestException">It is not parked there.</exception>
    public static async Task<WaitingEvents> WaitingAsync(
        string? service, string orderId, DeadLetterClient deadLetters, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(service))
            throw InvalidRequestException.Of("service", "Is needed: say at which service the order is parked; parked_orders tells.");
        var id = QueryValue.Text("orderId", orderId, ParkedFilter.Rule)!; // not always of an order: a document may name none
        return await deadLetters.StreamAsync(service, id, cancellationToken) is { Status: ParkedStreamStatus.Parked } stream
            ? new WaitingEvents(stream, [.. (await deadLetters.LettersAsync(service, id, cancellationToken)).Where(l => l.Status == DeadLetterStatus.Waiting)])
            : throw InvalidRequestException.Of("orderId", $"Is not parked at '{service}'; parked_orders tells what is parked where.");
    }
}
