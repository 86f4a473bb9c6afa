namespace Orders.Web.Access;

/// <summary>What one service has of its own about who may call it.</summary>
/// <param name="Section">Name of its configuration section.</param>
/// <param name="AnonymousRole">What a call without a caller may do, where such calls are let in.</param>
internal sealed record AccessRules(string Section, string AnonymousRole);
