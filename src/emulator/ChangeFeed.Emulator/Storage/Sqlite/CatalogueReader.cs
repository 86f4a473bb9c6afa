using System.Globalization;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Storage.Sqlite;

/// <summary>Reads databases, containers, partitions and offers.</summary>
/// <param name="connection">Where they are.</param>
/// <param name="sql">The statements of a container.</param>
/// <param name="tolerant">Goes on where the feed of a partition is damaged, as if there were nothing in it.</param>
internal sealed class CatalogueReader(SqliteConnection connection, Func<int, ContainerSql> sql, bool tolerant = false)
{
    public Catalogue Read()
    {
        var catalogue = new Catalogue();
        var byRid = new Dictionary<long, Database>();
        using (var rows = connection.Use("SELECT rid, id, ts, etag FROM databases"))
        {
            while (rows.Step())
            {
                var database = new Database((uint)rows.Long(0), rows.Text(1), rows.Long(2), rows.Text(3));
                byRid.Add(rows.Long(0), database);
                catalogue.Add(database);
            }
        }

        using var containers = connection.Use("SELECT number, database, rid, definition, ts, etag, next_item FROM containers");
        while (containers.Step())
        {
            var number = (int)containers.Long(0);
            var database = byRid[containers.Long(1)];
            database.Add(new(
                database, number, (uint)containers.Long(2), ContainerJson.Parse(containers.Text(3)), containers.Long(4), containers.Text(5),
                LoadPartitions(number), (ulong)containers.Long(6))
            { HasIdIndex = HasIndex($"id_{number}") });
        }
        using var offers = connection.Use($"""
            SELECT number, resource, self, throughput, maximum, {(Schema.HasOfferUpgrades(connection)
                ? $"(SELECT percent FROM {Schema.OfferUpgrades} u WHERE u.number = offers.number)"
                : "NULL")}, ts, etag FROM offers
            """);
        while (offers.Step())
            catalogue.Add(
                new Offer(
                    (int)offers.Long(0),
                    offers.Text(1),
                    offers.Text(2),
                    new((int)offers.Long(3), (int?)offers.LongOrNull(4), (int?)offers.LongOrNull(5)),
                    offers.Long(6),
                    offers.Text(7)));
        return catalogue;
    }

    private bool HasIndex(string name)
    {
        using var index = connection.Use("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?1").Bind(1, name);
        return index.Step();
    }

    private List<Partition> LoadPartitions(int container)
    {
        var partitions = new List<Partition>();
        using var rows = connection
            .Use("SELECT range, min, max, parents, lsn, versions_from FROM partitions WHERE container = ?1")
            .Bind(1, container);
        while (rows.Step())
        {
            var range = (int)rows.Long(0);
            // A partition's LSN is written down only where no item shows it, such as after a delete.
            var lsn = Math.Max(rows.Long(4), StoredItem.LsnOf(LastPosition(container, range)));
            var parents = rows.Text(3).Split(',', StringSplitOptions.RemoveEmptyEntries);
            partitions.Add(new(
                range,
                new(rows.Blob(1).ToArray(), rows.Blob(2).ToArray()),
                [.. parents.Select(parent => int.Parse(parent, CultureInfo.InvariantCulture))],
                lsn)
            {
                VersionsFrom = rows.Long(5)
            });
        }
        return partitions;
    }

    private long LastPosition(int container, int range)
    {
        try
        {
            using var last = connection.Use(sql(container).LastPosition).Bind(1, range);
            return last.Step() ? last.Long(0) : 0;
        }
        catch (SqliteException exception) when (tolerant && exception.IsDamage)
        {
            return 0;
        }
    }
}
