using System.Net;
using Microsoft.Azure.Cosmos;
using Orders.Hosting;
using ChangeFeed.ServiceDefaults.Views;
using Orders.Views.Tools;

namespace Orders.Views.Rebuild;

/// <summary>Deletes a version of a view: an old one after a switch, or one whose building is given up.</summary>
public sealed class VersionRemoval(OrdersDatabase database, TimeProvider time)
{
    /// <summary>Deletes a version once nobody reads or writes it any more. Can be repeated when it was interrupted.</summary>
    /// <exception cref="ToolException">It is read, or there is no such version.</exception>
    public async Task RunAsync(string view, int version, CancellationToken cancellationToken)
    {
        var book = new BuildBook(database, view);
        while (true)
        {
            var (versions, etag) = await book.VersionsAsync(cancellationToken);
            if (versions.Read.Contains(version))
                throw new ToolException($"v{version} of {view} serves and cannot be removed."
                    + (versions.Read.Count > 1 ? $" Readers are being switched; run rebuild {view} to finish that." : ""));
            if (version > versions.Latest)
                throw new ToolException($"There is no v{version} of {view}; list shows the versions.");
            if (!versions.Write.Contains(version)
                || await book.TrySetVersionsAsync(versions with { Write = [.. versions.Write.Where(v => v != version)] }, etag, cancellationToken))
                break;
        }

        await Task.Delay(ViewDirectory.MaxAge * 2, time, cancellationToken);
        using var deleted = await database.View(view, version).DeleteContainerStreamAsync(cancellationToken: cancellationToken);
        if (deleted.StatusCode != HttpStatusCode.NotFound)
            deleted.EnsureSuccessStatusCode();
        await book.ForgetAsync(version, cancellationToken);
    }
}
