using System.Net;
using Microsoft.Azure.Cosmos;

namespace Orders.Hosting;

/// <summary>
/// Looks whether a database is as the services need it, and whether they may do in it what they will do: containers are made by other means than
/// the code on many an account. Nothing is left behind, and no event is written.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="definitions">The containers the service owns or needs.</param>
internal sealed class StoreCheck(Database database, IReadOnlyCollection<ContainerDefinition> definitions)
{
    // In no partition a service writes to; it is looked for and deleted, and is never there.
    private const string Nothing = ".self-check";

    /// <summary>What is missing, in a sentence; null when nothing is.</summary>
    /// <exception cref="CosmosException">The store could not be asked, which may pass.</exception>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        foreach (var definition in definitions)
            if (await SettingProblemAsync(definition, cancellationToken) is { } setting)
                return setting;
        foreach (var definition in definitions)
            if (await PermissionProblemAsync(definition.Name, cancellationToken) is { } permission)
                return permission;
        return definitions.Contains(HostingContainers.Controls)
            ? await new StoreProbe(database.GetContainer(HostingContainers.Controls.Name)).FindProblemAsync(cancellationToken)
            : null;
    }

    /// <summary>What is wrong with a container as it is; null when it is as declared.</summary>
    internal static string? Compare(ContainerDefinition declared, ContainerProperties there)
    {
        if (there.PartitionKeyPath != declared.PartitionKey)
            return $"Container '{declared.Name}' has the partition key {there.PartitionKeyPath} and must have {declared.PartitionKey}: "
                + "move what is in it elsewhere, delete it, and start again.";
        return (declared.DefaultTtl, there.DefaultTimeToLive) switch
        {
            (null, > 0 and var seconds) =>
                $"Container '{declared.Name}' deletes its documents after {seconds} s, and they must stay: switch its time to live off.",
            (ContainerDefinition.OnlyDocumentsWithTheirOwn, > 0 and var seconds) =>
                $"Container '{declared.Name}' has a default time to live of {seconds} s: take it away (-1), or what the system still needs is deleted.",
            (ContainerDefinition.OnlyDocumentsWithTheirOwn, not -1) =>
                $"Container '{declared.Name}' has no time to live of documents: switch it on, without a default (-1), or what must expire stays for ever.",
            ( > 0 and var wanted, var found) when found != wanted =>
                $"Container '{declared.Name}' must have a time to live of {wanted} s and has {found?.ToString() ?? "none"}: set it.",
            _ => null,
        };
    }

    private async Task<string?> SettingProblemAsync(ContainerDefinition declared, CancellationToken cancellationToken)
    {
        try
        {
            return Compare(declared, await database.GetContainer(declared.Name).ReadContainerAsync(cancellationToken: cancellationToken));
        }
        catch (CosmosException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return MayNot("read the settings of", declared.Name, e.StatusCode);
        }
    }

    private async Task<string?> PermissionProblemAsync(string name, CancellationToken cancellationToken)
    {
        var container = database.GetContainer(name);
        using var read = await container.ReadItemStreamAsync(Nothing, new PartitionKey(Nothing), cancellationToken: cancellationToken);
        if (Problem(read, "read from", name) is { } reading)
            return reading;
        using var query = await container.GetItemQueryStreamIterator(
            new QueryDefinition("SELECT VALUE c.id FROM c WHERE c.id = @id").WithParameter("@id", Nothing),
            requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(Nothing) }).ReadNextAsync(cancellationToken);
        if (Problem(query, "query", name) is { } querying)
            return querying;
        using var delete = await container.DeleteItemStreamAsync(Nothing, new PartitionKey(Nothing), cancellationToken: cancellationToken);
        return Problem(delete, "write to", name);
    }

    private static string? Problem(ResponseMessage response, string what, string container)
    {
        if (Forbidden(response) is { } forbidden)
            return MayNot(what, container, forbidden);
        if (response.StatusCode != HttpStatusCode.NotFound)
            response.EnsureSuccessStatusCode();
        return null;
    }

    private static HttpStatusCode? Forbidden(ResponseMessage response) =>
        response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized ? response.StatusCode : null;

    private static string MayNot(string what, string container, HttpStatusCode status) =>
        $"The service may not {what} container '{container}' ({(int)status}): a key must not be a read-only one, and an identity needs the role "
        + "Cosmos DB Built-in Data Contributor on the database.";
}
