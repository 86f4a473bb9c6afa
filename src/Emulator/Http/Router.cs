using OrderPipeline.Emulator.Batch;
using OrderPipeline.Emulator.Feed;
using OrderPipeline.Emulator.Resources;
using OrderPipeline.Emulator.Storage.Sqlite;

namespace OrderPipeline.Emulator.Http;

/// <summary>Finds the handler of a request by its path and verb, and turns what goes wrong into an error answer.</summary>
sealed class Router
{
    readonly EmulatorState state;
    readonly Signature signature;
    readonly DatabaseEndpoints databases;
    readonly ContainerEndpoints containers;
    readonly ItemEndpoints items;
    readonly BatchEndpoint batches;
    readonly ChangeFeedEndpoint changeFeed;
    readonly StandInQueries queries;
    readonly ILogger log;

    public Router(EmulatorState state, CancellationToken stopping, ILogger log)
    {
        (this.state, this.log) = (state, log);
        signature = new(state.Options.Key);
        databases = new(state);
        containers = new(state);
        items = new(state);
        batches = new(state);
        changeFeed = new(state, stopping);
        queries = new(state);
    }

    public async Task Handle(HttpContext http)
    {
        var response = http.Response;
        response.Headers[Headers.ActivityId] = http.Request.Headers[Headers.ActivityId];
        try
        {
            await Dispatch(CosmosRequest.From(http));
        }
        catch (CosmosError error) when (!response.HasStarted)
        {
            response.Charge(RequestCharge.Failure);
            await response.Error(error.Status, error.Code, error.Message, error.SubStatusCode);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody reads an answer.
        }
        catch (SqliteException exception) when (!response.HasStarted)
        {
            log.LogError(exception, "The store failed on {Method} {Path}", http.Request.Method, http.Request.Path);
            await response.Error(503, "ServiceUnavailable", $"The store could not read: {exception.Message}");
        }
        catch (Exception exception) when (!response.HasStarted)
        {
            log.LogError(exception, "Failed on {Method} {Path}", http.Request.Method, http.Request.Path);
            await response.Error(500, "InternalServerError", $"The endpoint failed: {exception.Message}");
        }
    }

    Task Dispatch(CosmosRequest request)
    {
        if (request.Segments is ["_emulator", "health"] or ["health"] or ["alive"] && request.Method == "GET")
            return request.Http.Response.Text(200, "Healthy");

        signature.Check(request);
        return (request.Method, request.Segments) switch
        {
            ("GET", []) => AccountEndpoint.Read(request),
            ("GET", ["dbs"]) => databases.List(request),
            ("POST", ["dbs"]) => databases.Create(request),
            ("GET", ["dbs", var db]) => databases.Read(request, db),
            ("DELETE", ["dbs", var db]) => databases.Delete(request, db),
            ("GET", ["dbs", var db, "colls"]) => containers.List(request, state.Catalogue.Database(db)),
            ("POST", ["dbs", var db, "colls"]) => containers.Create(request, db),
            (_, ["dbs", var db, "colls", var coll, .. var rest]) => InContainer(request, state.Catalogue.Container(db, coll), rest),
            (_, ["dbs", _, "users", ..]) => throw CosmosError.NotImplemented("users and permissions"),
            (_, ["dbs", _, "clientencryptionkeys", ..]) => throw CosmosError.NotImplemented("client encryption keys"),
            _ => throw Unknown(request),
        };
    }

    Task InContainer(CosmosRequest request, Container container, string[] rest) => (request.Method, rest) switch
    {
        ("GET", []) => containers.Read(request, container),
        ("PUT", []) => containers.Replace(request, container),
        ("DELETE", []) => containers.Delete(request, container),
        ("GET", ["pkranges"]) => containers.PartitionKeyRanges(request, container),
        ("POST", ["docs"]) => PostItems(request, container),
        ("GET", ["docs"]) => changeFeed.Read(request, container),
        ("GET", ["docs", var id]) => items.Read(request, container, id),
        ("PUT", ["docs", var id]) => items.Replace(request, container, id),
        ("PATCH", ["docs", var id]) => items.Patch(request, container, id),
        ("DELETE", ["docs", var id]) => items.Delete(request, container, id),
        (_, ["sprocs", ..]) => throw CosmosError.NotImplemented("stored procedures"),
        (_, ["triggers", ..]) => throw CosmosError.NotImplemented("triggers"),
        (_, ["udfs", ..]) => throw CosmosError.NotImplemented("user-defined functions"),
        (_, ["conflicts", ..]) => throw CosmosError.NotImplemented("a conflicts feed"),
        _ => throw Unknown(request),
    };

    Task PostItems(CosmosRequest request, Container container)
    {
        if (request.Flag(Headers.IsBatch))
            return batches.Execute(request, container);
        if (request.Flag(Headers.IsQuery) || request.Flag(Headers.IsQueryPlan))
            return queries.Execute(request, container);
        return items.Create(request, container);
    }

    static CosmosError Unknown(CosmosRequest request) =>
        new(404, "NotFound", $"There is nothing at {request.Method} /{string.Join('/', request.Segments)}.");
}
