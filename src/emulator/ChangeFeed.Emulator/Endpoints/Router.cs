using System.Globalization;
using ChangeFeed.Emulator.Endpoints.Explorer;
using ChangeFeed.Emulator.Endpoints.Management;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Finds the handler of a request by its path and verb, and turns what goes wrong into an error answer.</summary>
internal sealed class Router
{
    private readonly EmulatorOptions _options;
    private readonly EngineState _state;
    private readonly Signature _signature;
    private readonly DatabaseEndpoints _databases;
    private readonly ContainerEndpoints _containers;
    private readonly OfferEndpoints _offers;
    private readonly ItemEndpoints _items;
    private readonly BatchEndpoint _batches;
    private readonly ChangeFeedEndpoint _changeFeed;
    private readonly ReadFeedEndpoint _readFeed;
    private readonly QueryEndpoint _queries;
    private readonly FaultRules _faults;
    private readonly RegionSet? _regions;
    private readonly Usage _usage;
    private readonly ManagementEndpoints _management;
    private readonly ManagementAccess _access;
    private readonly ExplorerEndpoint _explorer;
    private readonly ILogger _log;

    public Router(
        EmulatorOptions options, EngineState state, Controls controls, RegionSet? regions, ILogger log, CancellationToken stopping)
    {
        (_options, _state, _log, _regions) = (options, state, log, regions);
        (_faults, _usage) = (controls.Faults, controls.Usage);
        _management = new(state, controls, regions);
        // Clients date their requests by the machine's clock, also where a test moves the one that expiry goes by.
        _signature = new(options.Key, TimeProvider.System);
        _access = new(options.Key, _signature);
        _explorer = new(options.Explorer, _access);
        _databases = new(state);
        _containers = new(state, options.Partitions);
        _offers = new(state);
        _items = new(state);
        _readFeed = new(state);
        _batches = new(state);
        _changeFeed = new(state, stopping);
        _queries = new(state, controls.MissingIndexes, options.LenientIndexing);
    }

    public async Task HandleAsync(HttpContext http)
    {
        var response = http.Response;
        response.Headers[Headers.ActivityId] = http.Request.Headers[Headers.ActivityId] is [{ Length: > 0 } given, ..]
            ? given
            : Guid.NewGuid().ToString("D");
        try
        {
            await DispatchAsync(CosmosRequest.From(http));
        }
        catch (CosmosErrorException error) when (!response.HasStarted)
        {
            response.Charge(RequestCharge.Failure);
            await response.WriteErrorAsync(error.Status, error.Code, error.Message, error.SubStatusCode);
        }
        catch (QueryException exception) when (!response.HasStarted)
        {
            await response.WriteErrorAsync(400, "BadRequest", QueryErrors.Message(exception));
        }
        catch (QueryNotSupportedException exception) when (!response.HasStarted)
        {
            await response.WriteErrorAsync(501, "NotImplemented", exception.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody reads an answer.
        }
        catch (BadHttpRequestException exception) when (!response.HasStarted)
        {
            // A body that ends too early, as of a client that has gone, or that is not one of HTTP.
            await response.WriteErrorAsync(exception.StatusCode, "BadRequest", exception.Message);
        }
        catch (SqliteException exception) when (!response.HasStarted)
        {
            _log.LogError(exception, "The store failed on {Method} {Path}", http.Request.Method, http.Request.Path);
            var error = _state.Store.Health.Note(exception, "read");
            await response.WriteErrorAsync(error.Status, error.Code, error.Message);
        }
        catch (Exception exception) when (!response.HasStarted)
        {
            _log.LogError(exception, "Failed on {Method} {Path}", http.Request.Method, http.Request.Path);
            await response.WriteErrorAsync(500, "InternalServerError", $"The endpoint failed: {exception.Message}");
        }
    }

    private async Task DispatchAsync(CosmosRequest request)
    {
        switch (request.Segments)
        {
            case ["health"] or ["alive"] or ["_emulator", "health"] when request.Method == "GET":
                await _management.HealthAsync(request);
                return;
            case ["_emulator", ..]:
                _access.Check(request);
                await _management.HandleAsync(request);
                return;
            case [ExplorerEndpoint.Root, ..]:
                if (await _explorer.HandleAsync(request) is { } meant)
                    await (meant.Segments is ["_emulator", ..] ? _management.HandleAsync(meant) : ServeCheckedAsync(meant));
                return;
            case [] when _explorer.IsMeantBy(request):
                await ExplorerEndpoint.RedirectAsync(request);
                return;
        }

        if (_options.Latency > TimeSpan.Zero)
            await Task.Delay(_options.Latency, _state.Time, request.Aborted);
        if (_faults.Next(request.Method, request.Http.Request.Path) is { } fault && await InjectAsync(request, fault))
            return;
        // It is signed with what its query names; it is refused whoever asks.
        if (request.Segments is ["addresses"])
            await AccountEndpoint.AddressesAsync();
        _signature.Check(request);
        await ServeCheckedAsync(request);
    }

    /// <summary>Serves a request whose sender has shown the key.</summary>
    private Task ServeCheckedAsync(CosmosRequest request)
    {
        _state.Store.Health.ThrowIfDamaged();
        RequestRules.Check(request);
        if (_state.Region is { } region)
        {
            request.Http.Features.Set(new RegionSession(_state.Store.Epoch, _state.Store.WriteRegion));
            if (!region.Writes && (!request.OnlyReads || request.Flag(Headers.HubRegionOnly)))
                throw CosmosErrorException.WriteForbidden(region.Name);
        }
        return ServeAsync(request);
    }

    /// <summary>Delays, and answers where the fault says so.</summary>
    private async Task<bool> InjectAsync(CosmosRequest request, FaultRule fault)
    {
        if (fault.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), _state.Time, request.Aborted);
        if (fault.Status is not { } status)
            return false;
        if (fault.RetryAfterMs is { } retryAfter)
            request.Http.Response.Headers[Headers.RetryAfter] = retryAfter.ToString(CultureInfo.InvariantCulture);
        await request.Http.Response.WriteErrorAsync(status, "InjectedFault", "This fault was injected on request.", fault.SubStatus);
        return true;
    }

    private Task ServeAsync(CosmosRequest request)
    {
        return (request.Method, request.Segments) switch
        {
            ("GET", []) => AccountEndpoint.ReadAsync(request, _regions),
            ("GET", ["dbs"]) => _databases.ListAsync(request),
            ("POST", ["dbs"]) when request.IsQuery =>
                _queries.ResourcesAsync(request, "", "Databases", _state.Catalogue.Databases, DatabaseEndpoints.Write),
            ("POST", ["dbs"]) => _databases.CreateAsync(request),
            ("GET", ["dbs", var db]) => _databases.ReadAsync(request, db),
            ("DELETE", ["dbs", var db]) => _databases.DeleteAsync(request, db),
            ("POST", ["offers"]) => _queries.ResourcesAsync(request, "", "Offers", _state.Catalogue.Offers, OfferEndpoints.Write),
            ("GET", ["offers"]) => _offers.ListAsync(request),
            ("GET", ["offers", var offer]) => _offers.ReadAsync(request, offer),
            ("PUT", ["offers", var offer]) => _offers.ReplaceAsync(request, offer),
            ("GET", ["dbs", var db, "colls"]) => _containers.ListAsync(request, _state.Catalogue.Database(db)),
            ("POST", ["dbs", var db, "colls"]) when request.IsQuery => QueryContainersAsync(request, _state.Catalogue.Database(db)),
            ("POST", ["dbs", var db, "colls"]) => _containers.CreateAsync(request, db),
            (_, ["dbs", var db, "colls", var coll, .. var rest]) => InContainerAsync(request, _state.Catalogue.Container(db, coll), rest),
            (_, ["dbs", _, "users", ..]) => throw CosmosErrorException.NotImplemented("users and permissions"),
            (_, ["dbs", _, "clientencryptionkeys", ..]) => throw CosmosErrorException.NotImplemented("client encryption keys"),
            _ => throw Unknown(request),
        };
    }

    private async Task InContainerAsync(CosmosRequest request, Container container, string[] rest)
    {
        var wait = _usage.Wait(container.RidText);
        if (wait > TimeSpan.Zero)
        {
            request.Http.Response.Headers[Headers.RetryAfter] = wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
            throw new CosmosErrorException(
                429,
                "TooManyRequests",
                "Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later. "
                + $"Container '{container.Id}' has used its {_usage.Limit} request units of this second.",
                SubStatus.ThroughputExceeded);
        }

        request.Http.Response.ContentPath(container.RidText, container.AltPath);
        // Counted before the answer leaves, so that who has the answer finds it counted.
        var served = true;
        request.Http.Response.OnStarting(() =>
        {
            var units = request.Http.Response.Charged();
            if (served)
                _usage.Spend(container.RidText, request.Http.Response.Headers[Headers.PartitionKeyRangeId], units);
            _usage.Count(container.RidText, request.Operation(rest), !served, request.ClientName(), units);
            return Task.CompletedTask;
        });
        try
        {
            await ServeAsync(request, container, rest);
        }
        catch
        {
            served = false;
            throw;
        }
    }

    private Task ServeAsync(CosmosRequest request, Container container, string[] rest) => (request.Method, rest) switch
    {
        ("GET", []) => _containers.ReadAsync(request, container),
        ("PUT", []) => _containers.ReplaceAsync(request, container),
        ("DELETE", []) => _containers.DeleteAsync(request, container),
        ("GET", ["pkranges"]) => _containers.PartitionKeyRangesAsync(request, container),
        ("POST", ["docs"]) => PostItemsAsync(request, container),
        ("GET", ["docs"]) when request.Header(Headers.ChangeFeed) is not null => _changeFeed.ReadAsync(request, container),
        ("GET", ["docs"]) => _readFeed.ReadAsync(request, container),
        (_, ["docs", var rid]) when IsByRid(request, container) && _items.IdOf(container, rid) is var id && id != rid =>
            ServeAsync(request, container, ["docs", id]),
        ("GET", ["docs", var id]) => _items.ReadAsync(request, container, id),
        ("PUT", ["docs", var id]) => _items.ReplaceAsync(request, container, id),
        ("PATCH", ["docs", var id]) => _items.PatchAsync(request, container, id),
        ("DELETE", ["docs", var id]) => _items.DeleteAsync(request, container, id),
        ("POST", ["operations", "partitionkeydelete"]) => _items.DeleteKeyAsync(request, container),
        (_, ["sprocs", ..]) => throw CosmosErrorException.NotImplemented("stored procedures"),
        (_, ["triggers", ..]) => throw CosmosErrorException.NotImplemented("triggers"),
        (_, ["udfs", ..]) => throw CosmosErrorException.NotImplemented("user-defined functions"),
        (_, ["conflicts", ..]) => throw CosmosErrorException.NotImplemented("a conflicts feed"),
        _ => throw Unknown(request),
    };

    /// <summary>Whether the container is named by its rid: then an item is too.</summary>
    private static bool IsByRid(CosmosRequest request, Container container) =>
        request.Segments[3] == container.RidText && container.Id != container.RidText;

    private Task PostItemsAsync(CosmosRequest request, Container container)
    {
        if (request.Flag(Headers.IsBatch))
            return _batches.ExecuteAsync(request, container);
        if (request.IsQuery)
            return _queries.ItemsAsync(request, container);
        return _items.CreateAsync(request, container);
    }

    private Task QueryContainersAsync(CosmosRequest request, Database database) =>
        _queries.ResourcesAsync(request, database.RidText, "DocumentCollections", database.Containers, ContainerJson.Write);

    private static CosmosErrorException Unknown(CosmosRequest request) =>
        new(404, "NotFound", $"There is nothing at {request.Method} /{string.Join('/', request.Segments)}.");
}
