namespace Orders.Shopper;

/// <summary>The people who order: always the same ones, each with an address and a currency that belong together.</summary>
internal static class Customers
{
    private static readonly string[] FirstNames =
        ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Margaret", "Tony", "Frances", "Niklaus", "Radia", "John", "Hedy", "Dennis", "Katherine"];

    private static readonly string[] LastNames =
        ["Okafor", "Silva", "Nguyen", "Kowalski", "Haddad", "Lindgren", "Moreau", "Tanaka", "Brandt", "Rossi", "Byrne", "Novak"];

    private static readonly string[] Streets = ["Main St", "Station Road", "Park Lane", "Mill Lane", "High Street", "Garden Way", "Harbour Street"];

    private static readonly (string City, string PostalCode, string Country, string? Region, string Currency)[] Places =
    [
        ("Seattle", "98101", "US", "WA", "USD"), ("Austin", "73301", "US", "TX", "USD"), ("New York", "10001", "US", "NY", "USD"),
        ("Portland", "97201", "US", "OR", "USD"), ("Chicago", "60601", "US", "IL", "USD"), ("Toronto", "M5H 2N2", "CA", "ON", "CAD"),
        ("Montréal", "H2Y 1C6", "CA", "QC", "CAD"), ("London", "EC1A 1BB", "GB", null, "GBP"), ("Berlin", "10115", "DE", null, "EUR"),
        ("Lisboa", "1100-148", "PT", null, "EUR"), ("Paris", "75001", "FR", null, "EUR"), ("Wien", "1010", "AT", null, "EUR"),
    ];

    /// <summary>How many there are.</summary>
    public const int Count = 150;

    public static (string Id, string Email, string Currency, AddressBody ShipTo) Get(int number)
    {
        var first = FirstNames[number % FirstNames.Length];
        var last = LastNames[number / FirstNames.Length % LastNames.Length];
        // 7 shares no factor with the number of places, so neighbours live in different ones.
        var (city, postalCode, country, region, currency) = Places[number * 7 % Places.Length];
        var street = $"{1 + (number * 13 % 180)} {Streets[number % Streets.Length]}";
        return ($"c-{1001 + number}", $"{first}.{last}@example.org".ToLowerInvariant(), currency,
            new AddressBody($"{first} {last}", street, city, postalCode, country, region));
    }
}
