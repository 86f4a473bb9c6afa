namespace ChangeFeed.Emulator.Model;

/// <summary>What an operation does; the numbers are those of the batch format.</summary>
internal enum OperationKind
{
    Create = 0,
    Patch = 1,
    Read = 2,
    Delete = 4,
    Replace = 5,
    Upsert = 20,
}
