using System.Collections.Frozen;

namespace Orders.Contracts;

/// <summary>Where addresses need a postal code.</summary>
public static class PostalCodes
{
    // Countries and territories that have none, or where many addresses have none.
    private static readonly FrozenSet<string> Without = Codes.Split("""
        AE AG AO AQ AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM EH ER FJ GA GD GH GM GN GQ GY HK HM IE
        JM KI KM KN KP LC LY ML MO MR MW NA NR NU PA QA RW SB SC SL SO SR SS ST SX SY TD TF TG TK TL TO TT TV TZ UG
        UM VU WS YE ZW
        """).ToFrozenSet();

    /// <summary>Whether an address in this country is incomplete without one.</summary>
    public static bool AreNeededIn(string country) => !Without.Contains(country);
}
