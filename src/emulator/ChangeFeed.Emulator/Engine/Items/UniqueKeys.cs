using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>Keeps the values of unique keys once per logical partition.</summary>
internal static class UniqueKeys
{
    /// <summary>Says which value another item holds already, or null.</summary>
    public static string? Violation(WriteContext context, WriteScope scope, ItemContent content, ulong? self)
    {
        if (content.UniqueKeys is not { } keys)
            return null;
        for (var i = 0; i < keys.Length; i++)
        {
            if (context.Session.UniqueKeyOwner(scope.Container, content.PartitionKey.Effective, keys[i]) is not { } owner || owner == self)
                continue;
            if (context.Session.Find(scope.Container, owner) is { } item && item.IsExpired(scope.Container.Definition, context.Now))
                scope.Delete(context, item, VersionKind.Expiry);
            else
                return $"Another item has the same value of the unique key {string.Join(", ", scope.Container.Definition.UniqueKeys[i].Paths.Select(path => path.Text))}.";
        }
        return null;
    }

    public static void Add(WriteContext context, WriteScope scope, ItemContent content, ulong rid)
    {
        foreach (var key in content.UniqueKeys ?? [])
            context.Session.AddUniqueKey(scope.Container, content.PartitionKey.Effective, key, rid);
    }

    public static void Replace(WriteContext context, WriteScope scope, ItemContent content, ulong rid)
    {
        if (content.UniqueKeys is null)
            return;
        context.Session.RemoveUniqueKeys(scope.Container, rid);
        Add(context, scope, content, rid);
    }
}
