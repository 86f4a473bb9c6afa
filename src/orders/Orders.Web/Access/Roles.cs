namespace Orders.Web.Access;

/// <summary>What a key or a token allows beyond what is the caller's own; the names of the policies too.</summary>
public static class Roles
{
    /// <summary>May look at everybody's orders, and at services.</summary>
    public const string Reader = "reader";

    /// <summary>May also change them.</summary>
    public const string Operator = "operator";
}
