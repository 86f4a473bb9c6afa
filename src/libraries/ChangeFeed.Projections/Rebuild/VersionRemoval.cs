using System.Net;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Rebuild;

/// <summary>Deletes a version of a view: an old one after a switch, or one whose building is given up.</summary>
public sealed class VersionRemoval(ViewDatabase containers, TimeProvider time)
{
    /// <summary>Deletes a version once nobody reads or writes it any more. Can be repeated when it was interrupted.</summary>
    /// <exception cref="ViewCommandException">It is read, or there is no such version.</exception>
    public async Task RunAsync(string view, int version, CancellationToken cancellationToken)
    {
        var store = new RebuildStore(containers, view);
        while (true)
        {
            var (versions, etag) = await store.VersionsAsync(cancellationToken);
            if (versions.Read.Contains(version))
                throw new ViewCommandException($"v{version} of {view} serves and cannot be removed."
                    + (versions.Read.Count > 1 ? $" Readers are being switched; run rebuild {view} to finish that." : ""));
            if (version > versions.Latest)
                throw new ViewCommandException($"There is no v{version} of {view}; list shows the versions.");
            if (!versions.Write.Contains(version)
                || await store.TrySetVersionsAsync(versions with { Write = [.. versions.Write.Where(v => v != version)] }, etag, cancellationToken))
                break;
        }

        await Task.Delay(ViewDirectory.MaxAge * 2, time, cancellationToken);
        using var deleted = await containers.Version(view, version).DeleteContainerStreamAsync(cancellationToken: cancellationToken);
        if (deleted.StatusCode != HttpStatusCode.NotFound)
            deleted.EnsureSuccessStatusCode();
        await store.ForgetAsync(version, cancellationToken);
    }
}
