namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value made of other values.</summary>
public sealed class ReferenceExpression
{
    ReferenceExpression(string value) => Value = value;

    internal string Value { get; }

    /// <summary>The expression of an interpolated string.</summary>
    public static ReferenceExpression Create(string value) => new(value);
}
