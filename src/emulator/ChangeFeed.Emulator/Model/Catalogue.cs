using System.Collections.Concurrent;

namespace ChangeFeed.Emulator.Model;

/// <summary>All databases and containers, in memory. Changed on the writer thread after the change is on disk.</summary>
sealed class Catalogue
{
    readonly ConcurrentDictionary<string, Database> databases = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Database> databasesByRid = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Offer> offers = new(StringComparer.Ordinal);

    public IEnumerable<Database> Databases => databases.Values.OrderBy(database => database.Id, StringComparer.Ordinal);

    public IEnumerable<Container> Containers => databases.Values.SelectMany(database => database.Containers);

    public Database Database(string nameOrRid) =>
        Find(nameOrRid) ?? throw CosmosErrorException.NotFound($"There is no database '{nameOrRid}'.");

    public Container Container(string database, string nameOrRid) =>
        Database(database).Find(nameOrRid) ?? throw CosmosErrorException.NotFound($"There is no container '{nameOrRid}' in database '{database}'.");

    public void Add(Database database)
    {
        databases[database.Id] = database;
        databasesByRid[database.RidText] = database;
    }

    public void Remove(Database database)
    {
        databases.TryRemove(database.Id, out _);
        databasesByRid.TryRemove(database.RidText, out _);
    }

    public Database? Find(string nameOrRid) =>
        databases.TryGetValue(nameOrRid, out var database) || databasesByRid.TryGetValue(nameOrRid, out database) ? database : null;

    public IEnumerable<Offer> Offers => offers.Values.OrderBy(offer => offer.Number);

    public Offer? OfferOf(string resourceRid) => Offers.FirstOrDefault(offer => offer.ResourceRid == resourceRid);

    /// <summary>Adds an offer or replaces it by its new state.</summary>
    public void Add(Offer offer) => offers[offer.RidText] = offer;

    public void Remove(Offer offer) => offers.TryRemove(offer.RidText, out _);

    public Offer Offer(string rid) => offers.TryGetValue(rid, out var offer) ? offer : throw CosmosErrorException.NotFound($"There is no offer '{rid}'.");
}
