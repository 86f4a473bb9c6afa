namespace Orders.CustomerCare.Access;

/// <summary>What a key allows; the names of the policies too.</summary>
internal static class Roles
{
    /// <summary>May look at orders and services.</summary>
    public const string Reader = "reader";

    /// <summary>May also change them.</summary>
    public const string Operator = "operator";
}
