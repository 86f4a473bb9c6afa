using Orders.CustomerCare.Access;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Causation;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.CustomerCare.Search;
using Orders.CustomerCare.Services;
using Orders.CustomerCare.Shopping;
using Orders.Web;

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
        orders.MapCausation();
        orders.MapOrderActions();

        var care = app.MapGroup("/care").RequireAuthorization(Roles.Reader);
        care.MapSearch();
        care.MapServices();
        care.MapShopper();
        care.MapDeadLetters();
        care.MapAudit();
    }

    /// <summary>What every endpoint about one order has in common.</summary>
    public static RouteHandlerBuilder IsAboutAnOrder(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameterExample("id", Examples.OrderId)
        .IsCare();

    /// <summary>What every endpoint has in common.</summary>
    public static RouteHandlerBuilder IsCare(this RouteHandlerBuilder endpoint) => endpoint
        .AnswersProblem(StatusCodes.Status401Unauthorized, $"A key is needed in {ApiKeyHandler.Header}, or the one given is not known.")
        .AnswersProblem(StatusCodes.Status403Forbidden, "The key is known, but its role does not allow this.")
        .AnswersProblem(StatusCodes.Status429TooManyRequests, "More than this key may send. Try again after the seconds in Retry-After.")
        .AnswersHeader(StatusCodes.Status429TooManyRequests, "Retry-After", "Seconds to wait before trying again.")
        .AnswersCommonProblems();
}
