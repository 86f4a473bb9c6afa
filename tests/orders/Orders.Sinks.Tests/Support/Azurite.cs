using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;

namespace Orders.Sinks.Tests.Support;

/// <summary>
/// Microsoft's emulator of Azure Storage, from npm. It writes down what it acknowledged some seconds later, so it is not killed and started again:
/// to be down, a relay before it refuses connections. Installed once per machine, outside the repository; tests are skipped where Node or the
/// package cannot be had.
/// </summary>
internal sealed class Azurite : IAsyncDisposable
{
    // Azurite's own, which it publishes.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly NodePackage Package = new("azurite", "3.37.0");

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = LoopbackPorts.Free();
    private readonly Relay _relay;
    private Process? _process;

    public Azurite()
    {
        _relay = new Relay(_port);
        _relay.Open();
    }

    public string ConnectionString => With(Key);

    /// <summary>The same account, asked with another key.</summary>
    public string WithWrongKey => With(Convert.ToBase64String(new byte[64]));

    public async Task StartAsync()
    {
        var program = Path.Combine(await Package.InstallAsync(), "node_modules", "azurite", "dist", "src", "blob", "main.js");
        _process = Process.Start(new ProcessStartInfo(
            "node",
            [program, "--location", _directory.Path, "--blobHost", "127.0.0.1", "--blobPort", $"{_port}", "--silent", "--skipApiVersionCheck"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        var container = new BlobContainerClient(ConnectionString, "archive", options);
        await Eventually.UntilAsync(
            async () =>
            {
                try
                {
                    await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
                    return true;
                }
                catch (Exception e) when (e is RequestFailedException or AggregateException)
                {
                    return false;
                }
            },
            "Azurite answers");
    }

    public Task TakeDownAsync() => _relay.CloseAsync();

    public void BringBack() => _relay.Open();

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _directory.Dispose();
    }

    private string With(string key) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{_relay.Port}/{Account};";
}
