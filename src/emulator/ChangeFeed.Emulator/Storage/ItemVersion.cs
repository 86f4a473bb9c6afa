using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Storage;

internal enum VersionKind
{
    Create = 0,
    Replace = 1,
    Delete = 2,
    Expiry = 3,
}

/// <summary>An entry of the log of all versions and deletes. An image that does not exist is empty.</summary>
internal readonly record struct ItemVersion(
    long Position, byte[] Epk, VersionKind Kind, long Timestamp, long? PreviousPosition, byte[] Current, byte[] Previous)
{
    public uint Sum => Checksum.Of(Previous, Checksum.Of(Current));
}
