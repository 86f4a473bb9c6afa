using System.Globalization;
using ChangeFeed.Emulator.Endpoints.Management;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Finds the handler of a request by its path and verb, and turns what goes wrong into an error answer.</summary>
sealed class Router
{
    readonly EmulatorOptions options;
    readonly EngineState state;
    readonly Signature signature;
    readonly DatabaseEndpoints databases;
    readonly ContainerEndpoints containers;
    readonly OfferEndpoints offers;
    readonly ItemEndpoints items;
    readonly BatchEndpoint batches;
    readonly ChangeFeedEndpoint changeFeed;
    readonly ReadFeedEndpoint readFeed;
    readonly QueryEndpoint queries;
    readonly FaultRules faults = new();
    readonly Usage usage;
    readonly ManagementEndpoints management;
    readonly ILogger log;

    public Router(EmulatorOptions options, EngineState state, CancellationToken stopping, ILogger log)
    {
        (this.options, this.state, this.log) = (options, state, log);
        usage = new(options.Throttle, state.Time);
        management = new(state, faults, usage);
        signature = new(options.Key);
        databases = new(state);
        containers = new(state, options.Partitions);
        offers = new(state);
        items = new(state);
        readFeed = new(state);
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
        catch (CosmosErrorException error) when (!response.HasStarted)
        {
            response.Charge(RequestCharge.Failure);
            await response.Error(error.Status, error.Code, error.Message, error.SubStatusCode);
        }
        catch (QueryException exception) when (!response.HasStarted)
        {
            await response.Error(400, "BadRequest", exception.Message);
        }
        catch (QueryNotSupportedException exception) when (!response.HasStarted)
        {
            await response.Error(501, "NotImplemented", exception.Message);
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

    async Task Dispatch(CosmosRequest request)
    {
        switch (request.Segments)
        {
            case ["health"] or ["alive"] when request.Method == "GET":
                await ManagementEndpoints.Health(request);
                return;
            case ["_emulator", ..]:
                await management.Handle(request);
                return;
        }

        if (options.Latency > TimeSpan.Zero)
            await Task.Delay(options.Latency, state.Time, request.Aborted);
        if (faults.Next(request.Method, request.Http.Request.Path) is { } fault && await Inject(request, fault))
            return;
        signature.Check(request);
        await Serve(request);
    }

    /// <summary>Delays, and answers where the fault says so.</summary>
    async Task<bool> Inject(CosmosRequest request, FaultRule fault)
    {
        if (fault.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), state.Time, request.Aborted);
        if (fault.Status is not { } status)
            return false;
        if (fault.RetryAfterMs is { } retryAfter)
            request.Http.Response.Headers[Headers.RetryAfter] = retryAfter.ToString(CultureInfo.InvariantCulture);
        await request.Http.Response.Error(status, "InjectedFault", "This fault was injected on request.", fault.SubStatus);
        return true;
    }

    Task Serve(CosmosRequest request)
    {
        return (request.Method, request.Segments) switch
        {
            ("GET", []) => AccountEndpoint.Read(request),
            ("GET", ["dbs"]) => databases.List(request),
            ("POST", ["dbs"]) when IsQuery(request) => queries.Resources(request, "", "Databases", state.Catalogue.Databases, DatabaseEndpoints.Write),
            ("POST", ["dbs"]) => databases.Create(request),
            ("GET", ["dbs", var db]) => databases.Read(request, db),
            ("DELETE", ["dbs", var db]) => databases.Delete(request, db),
            ("POST", ["offers"]) => queries.Resources(request, "", "Offers", state.Catalogue.Offers, OfferEndpoints.Write),
            ("GET", ["offers"]) => offers.List(request),
            ("GET", ["offers", var offer]) => offers.Read(request, offer),
            ("PUT", ["offers", var offer]) => offers.Replace(request, offer),
            ("GET", ["dbs", var db, "colls"]) => containers.List(request, state.Catalogue.Database(db)),
            ("POST", ["dbs", var db, "colls"]) when IsQuery(request) => QueryContainers(request, state.Catalogue.Database(db)),
            ("POST", ["dbs", var db, "colls"]) => containers.Create(request, db),
            (_, ["dbs", var db, "colls", var coll, .. var rest]) => InContainer(request, state.Catalogue.Container(db, coll), rest),
            (_, ["dbs", _, "users", ..]) => throw CosmosErrorException.NotImplemented("users and permissions"),
            (_, ["dbs", _, "clientencryptionkeys", ..]) => throw CosmosErrorException.NotImplemented("client encryption keys"),
            _ => throw Unknown(request),
        };
    }

    async Task InContainer(CosmosRequest request, Container container, string[] rest)
    {
        var wait = usage.Wait(container.RidText);
        if (wait > TimeSpan.Zero)
        {
            request.Http.Response.Headers[Headers.RetryAfter] = wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
            throw new CosmosErrorException(429, "TooManyRequests", $"Container '{container.Id}' has used its {usage.Limit} request units of this second.", SubStatus.ThroughputExceeded);
        }
        await Serve(request, container, rest);
        usage.Spend(container.RidText, request.Http.Response.Charged());
    }

    Task Serve(CosmosRequest request, Container container, string[] rest) => (request.Method, rest) switch
    {
        ("GET", []) => containers.Read(request, container),
        ("PUT", []) => containers.Replace(request, container),
        ("DELETE", []) => containers.Delete(request, container),
        ("GET", ["pkranges"]) => containers.PartitionKeyRanges(request, container),
        ("POST", ["docs"]) => PostItems(request, container),
        ("GET", ["docs"]) when request.Header(Headers.ChangeFeed) is not null => changeFeed.Read(request, container),
        ("GET", ["docs"]) => readFeed.Read(request, container),
        ("GET", ["docs", var id]) => items.Read(request, container, id),
        ("PUT", ["docs", var id]) => items.Replace(request, container, id),
        ("PATCH", ["docs", var id]) => items.Patch(request, container, id),
        ("DELETE", ["docs", var id]) => items.Delete(request, container, id),
        (_, ["operations", ..]) => throw CosmosErrorException.NotImplemented("deletion of all items of a partition key"),
        (_, ["sprocs", ..]) => throw CosmosErrorException.NotImplemented("stored procedures"),
        (_, ["triggers", ..]) => throw CosmosErrorException.NotImplemented("triggers"),
        (_, ["udfs", ..]) => throw CosmosErrorException.NotImplemented("user-defined functions"),
        (_, ["conflicts", ..]) => throw CosmosErrorException.NotImplemented("a conflicts feed"),
        _ => throw Unknown(request),
    };

    Task PostItems(CosmosRequest request, Container container)
    {
        if (request.Flag(Headers.IsBatch))
            return batches.Execute(request, container);
        if (IsQuery(request))
            return queries.Items(request, container);
        return items.Create(request, container);
    }

    Task QueryContainers(CosmosRequest request, Database database) =>
        queries.Resources(request, database.RidText, "DocumentCollections", database.Containers, ContainerJson.Write);

    static bool IsQuery(CosmosRequest request) =>
        request.Flag(Headers.IsQuery) || request.Flag(Headers.IsQueryPlan)
        || request.Http.Request.ContentType?.StartsWith("application/query+json", StringComparison.OrdinalIgnoreCase) == true;

    static CosmosErrorException Unknown(CosmosRequest request) =>
        new(404, "NotFound", $"There is nothing at {request.Method} /{string.Join('/', request.Segments)}.");
}
