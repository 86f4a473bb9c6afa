using System.Text.Json;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Create, read, list, query and delete of databases.</summary>
internal sealed class DatabaseEndpoints(EngineState state)
{
    private const int MaxBody = 64 * 1024;

    public async Task CreateAsync(CosmosRequest request)
    {
        using var body = JsonBody.Parse(await request.ReadBodyAsync(MaxBody));
        var id = ResourceName.Read(body.RootElement, "database");
        var throughput = OfferEndpoints.Asked(request);
        var database = await state.ChangeAsync(context =>
        {
            var created = new Database(NewRid(), id, context.Now, Etag.New());
            if (!context.Session.AddDatabase(created))
                throw CosmosErrorException.Conflict($"The database '{id}' exists already.");
            if (throughput is { } asked && OfferEndpoints.Save(context, created.RidText, $"dbs/{created.RidText}/", asked) is var offer)
                context.OnCommit(() => state.Catalogue.Add(offer));
            context.OnCommit(() => state.Catalogue.Add(created));
            return created;
        });
        await AnswerAsync(request, 201, database);
    }

    public Task ReadAsync(CosmosRequest request, string name) => AnswerAsync(request, 200, state.Catalogue.Database(name));

    public Task ListAsync(CosmosRequest request) =>
        request.WriteResourcesAsync("", "Databases", state.Catalogue.Databases, database => database.Id, Write);

    public async Task DeleteAsync(CosmosRequest request, string name)
    {
        await state.ChangeAsync(context =>
        {
            var database = state.Catalogue.Database(name);
            request.CheckIfMatch(database.Etag);
            context.Session.RemoveDatabase(database);
            var offers = state.Catalogue.Offers
                .Where(
                    offer => offer.ResourceRid == database.RidText
                        || database.Containers.Any(container => container.RidText == offer.ResourceRid))
                    .ToList();
            foreach (var offer in offers)
                context.Session.RemoveOffer(offer);
            context.OnCommit(() =>
            {
                foreach (var offer in offers)
                    state.Catalogue.Remove(offer);
                state.Catalogue.Remove(database);
                foreach (var container in database.Containers)
                    container.MarkDropped();
            });
            return database;
        });
        request.Http.Response.Charge(RequestCharge.Metadata);
        await request.Http.Response.WriteEmptyAsync(204);
    }

    // Random, so that a client which knew other data under the same name notices that these are new.
    private static uint NewRid() => (uint)Random.Shared.NextInt64(1, uint.MaxValue);

    private static Task AnswerAsync(CosmosRequest request, int status, Database database) =>
        request.Http.Response.WriteResourceAsync(status, database.Etag, writer => Write(writer, database));

    public static void Write(Utf8JsonWriter writer, Database database)
    {
        writer.WriteStartObject();
        writer.WriteString("id", database.Id);
        writer.WriteString("_rid", database.RidText);
        writer.WriteString("_self", $"dbs/{database.RidText}/");
        writer.WriteString("_etag", database.Etag);
        writer.WriteString("_colls", "colls/");
        writer.WriteString("_users", "users/");
        writer.WriteNumber("_ts", database.Timestamp);
        writer.WriteEndObject();
    }
}
