using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Mcp;

/// <summary>
/// Customer care for programs that act for somebody (Model Context Protocol). It lies below <c>/care</c>, so callers, limits and time-outs are
/// those of the API; each group of tools is a class of its own, added below.
/// </summary>
internal static class McpExtensions
{
    public const string Path = "/care/mcp";

    private const string Instructions =
        "Orders go through tax, payment, fulfillment and notification, which read one stream of events and know nothing of each other. "
        + "Find an order with find_orders, tell what happened to it with order_story, and ask why_stuck where it does not go on. "
        + "Names, addresses and means of payment are never shown. Whatever changes something takes two calls: the first does nothing, says what would happen "
        + "and gives a token; show that to the person you work for, and call again with the token only when they have agreed.";

    private static readonly JsonSerializerOptions Json = new(McpJsonUtilities.DefaultOptions)
    {
        Converters = { new JsonStringEnumConverter() },
        // The schema of an answer has every property of it; clients refuse one that lacks any.
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public static void AddMcp(this IServiceCollection services)
    {
        services.AddSingleton<Confirmations>();
        services.AddSingleton<TwoSteps>();
        services.AddMcpServer(server => server.ServerInstructions = Instructions)
            // Any instance answers any call, and none keeps anything of a caller.
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless)
            .AddAuthorizationFilters()
            .WithRequestFilters(filters => filters.AddCallToolFilter(ToolErrors.Filter))
            .WithTools<OrderTools>(Json)
            .WithTools<OrderActionTools>(Json)
            .WithTools<ServiceTools>(Json)
            .WithTools<ServiceActionTools>(Json)
            .WithTools<PositionTools>(Json)
            .WithTools<PositionActionTools>(Json)
            .WithTools<ParkedTools>(Json)
            .WithTools<ParkedActionTools>(Json)
            .WithTools<CorrectionEventTools>(Json);
    }

    public static void MapMcp(this WebApplication app) => app.MapMcp(Path)
        .RequireAuthorization(Roles.Reader)
        .WithMetadata(new RequestSizeLimitAttribute(ApiExtensions.MaxBodyBytes))
        .ExcludeFromDescription();
}
