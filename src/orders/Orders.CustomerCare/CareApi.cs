using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Causation;
using Orders.CustomerCare.Costs;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.DeadLetters.Corrections;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.CustomerCare.Overdue;
using Orders.CustomerCare.Positions;
using Orders.CustomerCare.Search;
using Orders.CustomerCare.Services;
using Orders.CustomerCare.Shopping;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare;

/// <summary>The endpoints, one file each in the folder named after what they show.</summary>
internal static class CareApi
{
    public static void MapCare(this WebApplication app)
    {
        var orders = app.MapGroup("/care/orders/{id}").WithTags("Orders").RequireAuthorization(Roles.Reader);
        orders.MapOrder();
        orders.MapOrderAt();
        orders.MapEvents();
        orders.MapEvent();
        orders.MapCorrectionEvent();
        orders.MapCausation();
        orders.MapOrderActions();

        var care = app.MapGroup("/care").RequireAuthorization(Roles.Reader);
        care.MapSearch();
        care.MapOverdue();
        care.MapServices();
        care.MapCosts();
        care.MapPositions();
        care.MapShopper();
        care.MapDeadLetters();
        care.MapAudit();
    }

    /// <summary>What every endpoint about one order has in common.</summary>
    public static RouteHandlerBuilder IsAboutAnOrder(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameterExample("id", Examples.OrderId)
        .IsCare();

    /// <summary>What every endpoint has in common.</summary>
    public static RouteHandlerBuilder IsCare(this RouteHandlerBuilder endpoint) => endpoint.AnswersCommonProblems();
}
