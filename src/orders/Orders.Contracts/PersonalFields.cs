namespace Orders.Contracts;

/// <summary>
/// The one list of the fields of events that tell who somebody is. They are stored sealed with a key of their customer; dropping the key
/// erases them from a store in which nothing is ever changed. Country and region stay readable: tax is decided by them.
/// </summary>
public static class PersonalFields
{
    /// <summary>What is read where the key is gone.</summary>
    public const string Erased = "erased";

    /// <summary>What is shown where the key is there and does not open the field: it was damaged, or sealed with another key.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Where the fields that <see cref="Map(object, Func{string, string})"/> replaces are in the data of an event, as it is stored.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        ["email", "shipTo.name", "shipTo.line1", "shipTo.line2", "shipTo.city", "shipTo.postalCode", "recipient"];

    /// <summary>Whether an order that was opened could not be: its customer was erased. No address of a mail reads so.</summary>
    public static bool IsErased(this OrderPlaced placed) => placed.Email == Erased;

    /// <summary>The event with every personal field replaced; the same event where it has none.</summary>
    public static object Map(object @event, Func<string, string> replace) => @event switch
    {
        OrderPlaced e => Map(e, replace),
        CustomerNotified e => e with { Recipient = replace(e.Recipient) },
        _ => @event,
    };

    /// <inheritdoc cref="Map(object, Func{string, string})"/>
    public static OrderPlaced Map(OrderPlaced e, Func<string, string> replace) => e with
    {
        Email = replace(e.Email),
        ShipTo = e.ShipTo with
        {
            Name = replace(e.ShipTo.Name),
            Line1 = replace(e.ShipTo.Line1),
            Line2 = e.ShipTo.Line2 is { } line ? replace(line) : null,
            City = replace(e.ShipTo.City),
            PostalCode = replace(e.ShipTo.PostalCode),
        },
    };
}
