using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.ServiceDefaults;
using Orders.Contracts;

namespace Orders.PersonalData;

/// <summary>
/// Seals the personal fields of an order where it enters, and opens them where they leave the system: in a mail, at the carrier, for customer
/// care. Everything between carries them sealed. What was stored before there were keys is read as it is.
/// </summary>
public sealed class PersonalDataProtector(ICustomerKeys keys)
{
    /// <summary>The order with its personal fields sealed.</summary>
    /// <exception cref="CustomerErasedException">The customer was erased.</exception>
    public async Task<OrderPlaced> SealAsync(OrderPlaced placed, CancellationToken cancellationToken)
    {
        var key = await keys.GetOrCreateAsync(placed.CustomerId, placed.Email, cancellationToken);
        return PersonalFields.Map(placed, text => SealedText.Seal(placed.CustomerId, key, text));
    }

    /// <summary>The order with its personal fields opened; where the key was dropped they read <see cref="PersonalFields.Erased"/>.</summary>
    public async Task<OrderPlaced> RevealAsync(OrderPlaced placed, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        PersonalFields.Map(placed, text =>
        {
            texts.Add(text);
            return text;
        });
        var opened = await OpenAsync(texts, cancellationToken);
        return PersonalFields.Map(placed, text => opened.GetValueOrDefault(text, text));
    }

    /// <summary>A stored document with every sealed text in it opened, whatever it is: also one that cannot be read as an event.</summary>
    public async Task<JsonElement> RevealAsync(JsonElement document, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(Texts(document), cancellationToken);
        return opened.Count == 0 ? document : JsonSerializer.SerializeToElement(Replace(JsonSerializer.SerializeToNode(document)!, opened));
    }

    private async Task<Dictionary<string, string>> OpenAsync(IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var opened = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            if (SealedText.CustomerOf(text) is { } customer)
                opened[text] = await keys.FindAsync(customer, cancellationToken) is { } key ? SealedText.Open(text, key) : PersonalFields.Erased;
        }

        return opened;
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };

    private static JsonNode? Replace(JsonNode? node, Dictionary<string, string> opened)
    {
        switch (node)
        {
            case JsonValue value when value.TryGetValue<string>(out var text) && opened.TryGetValue(text, out var plain):
                return JsonValue.Create(plain);
            case JsonArray array:
                return new JsonArray([.. array.Select(item => Replace(item, opened)?.DeepClone())]);
            case JsonObject members:
                return new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Replace(m.Value, opened)?.DeepClone())));
            default:
                return node;
        }
    }
}
