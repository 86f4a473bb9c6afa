using System.Collections.Frozen;

namespace Orders.Contracts;

/// <summary>
/// The currencies of ISO 4217 that one can pay with, and how many decimals their amounts have. Fund codes, precious metals and test
/// codes of the standard are not among them.
/// </summary>
public static class Iso4217
{
    /// <summary>Most decimals any currency in here has.</summary>
    public const int MaxDecimals = 3;

    private static readonly FrozenDictionary<string, int> DecimalsByCode = new (int Decimals, string Codes)[]
    {
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (2, """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN
            BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
            GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD
            KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN
            NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
            SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
            USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
            """),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
    }.SelectMany(group => Codes.Split(group.Codes).Select(code => (code, group.Decimals))).ToFrozenDictionary(x => x.code, x => x.Decimals);

    /// <summary>All codes, in upper case.</summary>
    public static IReadOnlyCollection<string> All => DecimalsByCode.Keys;

    /// <summary>Decimals of the minor unit: USD 2, JPY 0, KWD 3. False for a code that is not in the list; codes are upper case.</summary>
    public static bool TryGetDecimals(string code, out int decimals) => DecimalsByCode.TryGetValue(code, out decimals);
}
