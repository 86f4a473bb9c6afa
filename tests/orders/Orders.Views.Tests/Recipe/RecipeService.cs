extern alias emulator;
using ChangeFeed.EventStore;
using emulator::ChangeFeed.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Views.Projections;

namespace Orders.Views.Tests.Recipe;

/// <summary>The service of the views as it is once the recipe is followed, on a store of its own.</summary>
public sealed class RecipeService : IAsyncLifetime
{
    private EmulatorHost? _store;
    private WebApplication? _service;

    public IServiceProvider Services => _service!.Services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["ConnectionStrings:cosmos"] = _store.ConnectionString;
        builder.AddOrderService("views");
        builder.Services.AddReadModels();
        builder.Services.AddPersonalData();
        builder.Services.AddContainers(RecipeContainers.DeclinedPayments);
        builder.AddViews(RecipeSteps.Views);
        _service = builder.Build();
        await _service.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    /// <summary>Appends events to a new stream.</summary>
    public async Task<string> AppendAsync(params object[] events)
    {
        var id = Guid.CreateVersion7().ToString();
        await Services.GetRequiredService<CosmosEventStore>().AppendAsync(id, CosmosEventStore.NoStream, events, new AppendContext("test"), Stop);
        return id;
    }
}
