using System.Collections.Concurrent;

namespace ChangeFeed.Emulator.Model;

/// <summary>All databases and containers, in memory. Changed by commits only, after the change is on disk.</summary>
internal sealed class Catalogue
{
    private readonly ConcurrentDictionary<string, Database> _databases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Database> _databasesByRid = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Offer> _offers = new(StringComparer.Ordinal);

    public IEnumerable<Database> Databases => _databases.Values.OrderBy(database => database.Id, StringComparer.Ordinal);

    public IEnumerable<Container> Containers => _databases.Values.SelectMany(database => database.Containers);

    public Database Database(string nameOrRid) =>
        Find(nameOrRid) ?? throw CosmosErrorException.NotFound(
            $"There is no database '{nameOrRid}'; nothing is made by itself, so create it first (CreateDatabaseIfNotExistsAsync).");

    public Container Container(string database, string nameOrRid) =>
        Database(database).Find(nameOrRid)
            ?? throw CosmosErrorException.NotFound(
                $"There is no container '{nameOrRid}' in database '{database}'; create it first (CreateContainerIfNotExistsAsync).");

    public void Add(Database database)
    {
        _databases[database.Id] = database;
        _databasesByRid[database.RidText] = database;
    }

    public void Remove(Database database)
    {
        _databases.TryRemove(database.Id, out _);
        _databasesByRid.TryRemove(database.RidText, out _);
    }

    public Database? Find(string nameOrRid) =>
        _databases.TryGetValue(nameOrRid, out var database) || _databasesByRid.TryGetValue(nameOrRid, out database) ? database : null;

    /// <summary>
    /// Takes over what was read from disk after it was written there from elsewhere. What is known keeps its object, so that who waits
    /// for one is woken.
    /// </summary>
    public void Follow(Catalogue stored)
    {
        foreach (var known in Databases.ToList())
        {
            if (stored.Find(known.RidText) is { } database)
            {
                known.Follow(database);
                continue;
            }
            Remove(known);
            foreach (var container in known.Containers)
                container.MarkDropped();
        }
        foreach (var added in stored.Databases.Where(database => !_databasesByRid.ContainsKey(database.RidText)))
            Add(added);
        foreach (var gone in Offers.Where(offer => !stored._offers.ContainsKey(offer.RidText)))
            Remove(gone);
        foreach (var offer in stored.Offers)
            Add(offer);
    }

    public IEnumerable<Offer> Offers => _offers.Values.OrderBy(offer => offer.Number);

    public Offer? OfferOf(string resourceRid) => Offers.FirstOrDefault(offer => offer.ResourceRid == resourceRid);

    /// <summary>Adds an offer or replaces it by its new state.</summary>
    public void Add(Offer offer) => _offers[offer.RidText] = offer;

    public void Remove(Offer offer) => _offers.TryRemove(offer.RidText, out _);

    public Offer Offer(string rid) =>
        _offers.TryGetValue(rid, out var offer) ? offer : throw CosmosErrorException.NotFound($"There is no offer '{rid}'.");
}
