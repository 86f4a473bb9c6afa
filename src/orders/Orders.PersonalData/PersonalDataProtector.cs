using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Contracts;

namespace Orders.PersonalData;

/// <summary>A personal field is sealed, and what it is sealed with does not open it. The message names the customer, not the field's text.</summary>
public sealed class UnreadablePersonalDataException(string customerId) : Exception(
    $"A personal field of customer '{customerId}' cannot be opened: it was damaged, or container '{PersonalDataContainers.CustomerKeys.Name}' is not the one the events "
    + "belong to. Restore it.");

/// <summary>
/// Seals the personal fields of an order where it enters, and opens them where they leave the system: in a mail, at the carrier, for customer
/// care. Everything between carries them sealed. Only the fields of <see cref="PersonalFields"/> are ever opened, with the key of the order's
/// own customer; a text in them that is not sealed, and every other text whatever it begins with, is read as it is.
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

    /// <summary>
    /// The order with its personal fields opened, for whoever acts on them; where the key was dropped they read <see cref="PersonalFields.Erased"/>.
    /// </summary>
    /// <exception cref="UnreadablePersonalDataException">A field cannot be opened: nothing may be sent to what it reads as.</exception>
    public async Task<OrderPlaced> RevealAsync(OrderPlaced placed, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        PersonalFields.Map(placed, text =>
        {
            texts.Add(text);
            return text;
        });
        if (!texts.Any(text => SealedText.CustomerOf(text) == placed.CustomerId))
            return placed;
        var key = await FindKeyAsync(placed.CustomerId, cancellationToken);
        return PersonalFields.Map(placed, text => Open(text, placed.CustomerId, key) ?? throw new UnreadablePersonalDataException(placed.CustomerId));
    }

    /// <summary>
    /// The stored document of an event for whoever looks at it, its personal fields opened: also of one that cannot be read as an event. It is
    /// never refused: a field that cannot be opened reads <see cref="PersonalFields.Unreadable"/>, or as it is stored where there is no key.
    /// </summary>
    public async Task<JsonElement> RevealAsync(JsonElement document, CancellationToken cancellationToken)
    {
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("data"u8, out var data) || data.ValueKind != JsonValueKind.Object)
            return document;
        // An event without a customer, such as a notice, belongs to whoever its field was sealed for.
        var owner = TextAt(data, "customerId");
        var opened = new List<(string Path, string Text)>();
        foreach (var path in PersonalFields.Paths)
        {
            if (TextAt(data, path) is not { } text || SealedText.CustomerOf(text) is not { } customer || (owner ?? customer) != customer)
                continue;
            var key = await FindKeyAsync(customer, cancellationToken);
            if (key is not KeyOf.Nobody)
                opened.Add((path, Open(text, customer, key) ?? PersonalFields.Unreadable));
        }

        return opened.Count == 0 ? document : Replace(document, opened);
    }

    private async ValueTask<KeyOf> FindKeyAsync(string customer, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.FindAsync(customer, cancellationToken) is { } key ? new KeyOf.Customer(key) : new KeyOf.Erased();
        }
        catch (KeyNotFoundException)
        {
            return new KeyOf.Nobody();
        }
    }

    /// <summary>The text opened, or as it is where it is not sealed for this customer; null when it does not open.</summary>
    private static string? Open(string text, string customer, KeyOf key)
    {
        if (SealedText.CustomerOf(text) != customer)
            return text;
        try
        {
            return key switch
            {
                KeyOf.Customer(var bytes) => SealedText.Open(text, bytes),
                KeyOf.Erased => PersonalFields.Erased,
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? TextAt(JsonElement data, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (data.ValueKind != JsonValueKind.Object || !data.TryGetProperty(name, out data))
                return null;
        }

        try
        {
            return data.ValueKind == JsonValueKind.String ? data.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair: valid JSON, and no text
        }
    }

    private static JsonElement Replace(JsonElement document, List<(string Path, string Text)> opened)
    {
        var copy = JsonSerializer.SerializeToNode(document)!;
        foreach (var (path, text) in opened)
        {
            var names = path.Split('.');
            names[..^1].Aggregate(copy["data"]!, (node, name) => node[name]!)[names[^1]] = text;
        }

        return JsonSerializer.SerializeToElement<JsonNode>(copy);
    }

    /// <summary>What is known of a customer's key: it is there, was dropped, or never was.</summary>
    private abstract record KeyOf
    {
        public sealed record Customer(byte[] Key) : KeyOf;

        public sealed record Erased : KeyOf;

        public sealed record Nobody : KeyOf;
    }
}
