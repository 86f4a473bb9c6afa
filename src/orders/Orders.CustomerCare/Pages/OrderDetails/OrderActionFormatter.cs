using Orders.CustomerCare.Actions;

namespace Orders.CustomerCare.Pages.OrderDetails;

/// <summary>What an action does to an order, as one tells it before doing it.</summary>
/// <param name="Button">The words on its buttons.</param>
/// <param name="What">What will happen.</param>
/// <param name="ReasonHelp">Who will read the reason.</param>
/// <param name="Destroys">Whether something is lost by it.</param>
internal sealed record OrderActionFormatter(string Button, string What, string ReasonHelp, bool Destroys = false)
{
    public string Title => Button.Replace(" the order", " this order", StringComparison.Ordinal) + "?";

    public static OrderActionFormatter Of(OrderAction action) => action.Name switch
    {
        "cancel" => new(
            "Cancel the order",
            "It will not be shipped, the customer is told, and what was paid goes back to them. Should it be shipped a moment before, it stays as it is and you are told so.",
            "Kept with the order and told to the customer.",
            Destroys: true),
        "refund" => new(
            "Refund the order",
            "All that was paid goes back to the customer, once; the goods stay with them. This cannot be taken back.",
            "Kept with the order and with the refund.",
            Destroys: true),
        "resend-notification" => new(
            "Send the notice again",
            "The customer gets the last mail they got once more, at the address of the order.",
            "Kept with the order; the customer does not see it."),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action.Name, "There are no words for this action."),
    };
}
