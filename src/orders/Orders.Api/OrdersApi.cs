using Orders.Api.Access;
using Orders.Api.CancellingAnOrder;
using Orders.Api.CustomerOrders;
using Orders.Api.Customers;
using Orders.Api.PlacingAnOrder;
using Orders.Api.Products;
using Orders.Api.ReadingAnOrder;
using Orders.Api.ReferenceData;

namespace Orders.Api;

/// <summary>The endpoints, one file each in the folder named after what it is for.</summary>
internal static class OrdersApi
{
    /// <summary>The name of the service, and the <c>by</c> of the events it appends.</summary>
    public const string ServiceName = "orders-api";

    /// <summary>An order id for the examples in the OpenAPI document.</summary>
    public const string ExampleId = "0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21";

    public static void MapOrders(this WebApplication app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders").RequireAuthorization(OrdersPolicies.AnyCaller);
        orders.MapPlaceOrder();
        orders.MapGetOrder();
        orders.MapCancelOrder();

        var customers = app.MapGroup("/customers").WithTags("Customers").RequireAuthorization(OrdersPolicies.ReadsCustomer);
        customers.MapCustomers();
        customers.MapCustomerRenaming();
        customers.MapErasure();
        customers.MapCustomerOrders();

        var products = app.MapGroup("/products").WithTags("Products").RequireAuthorization(OrdersPolicies.AnyCaller);
        products.MapProducts();
        products.MapProductRenaming();
    }
}
