using Microsoft.AspNetCore.Authorization;
using Orders.Web.Access;

namespace Orders.Api.Access;

/// <summary>Who may have to do with a customer: the back office, and the customers themselves. The customer is the <c>id</c> in the address.</summary>
internal static class OrdersPolicies
{
    /// <summary>Anybody who is known.</summary>
    public const string AnyCaller = "caller";

    public const string ReadsCustomer = "reads-customer";

    public const string ChangesCustomer = "changes-customer";

    public static void AddOrdersPolicies(this IServiceCollection services) => services.AddAuthorizationBuilder()
        .AddPolicy(AnyCaller, policy => policy.RequireAuthenticatedUser())
        .AddPolicy(ReadsCustomer, policy => policy.RequireCustomer((caller, id) => caller.MayRead(id)))
        .AddPolicy(ChangesCustomer, policy => policy.RequireCustomer((caller, id) => caller.MayChange(id)));

    private static AuthorizationPolicyBuilder RequireCustomer(this AuthorizationPolicyBuilder policy, Func<Caller, string, bool> may) => policy
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.Resource is HttpContext http && http.GetRouteValue("id") is string id && may(Caller.Of(context.User), id));
}
