using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Storage.Blobs;

namespace Orders.Sinks.Tests.Support;

/// <summary>
/// Microsoft's emulator of Azure Storage, from npm: a process that is stopped and started again on the same files. Stopped, not killed: it writes
/// down what it acknowledged some seconds later. Installed once per machine, outside the repository; tests are skipped where Node or the package
/// cannot be had.
/// </summary>
internal sealed class Azurite : IAsyncDisposable
{
    private const string Version = "3.37.0";

    // Azurite's own, which it publishes.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly SemaphoreSlim Installing = new(1);
    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePort();
    private Process? _process;

    public string ConnectionString => With(Key);

    /// <summary>The same account, asked with another key.</summary>
    public string WithWrongKey => With(Convert.ToBase64String(new byte[64]));

    public async Task StartAsync()
    {
        var program = Path.Combine(await InstallAsync(), "node_modules", "azurite", "dist", "src", "blob", "main.js");
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

    public async Task StopAsync()
    {
        if (_process is null)
            return;
        using (var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await stop.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    private string With(string key) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{_port}/{Account};";

    private static async Task<string> InstallAsync()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"order-pipeline-{Environment.UserName}-azurite-{Version}");
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (Directory.Exists(directory))
                return directory;
            // Half an installation never has the name of one.
            var half = $"{directory}-{Guid.NewGuid():N}";
            Directory.CreateDirectory(half);
            using var npm = Start("npm", "install", "--prefix", half, "--no-audit", "--no-fund", "--ignore-scripts", $"azurite@{Version}");
            var errors = npm.StandardError.ReadToEndAsync();
            await npm.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(5));
            await npm.WaitForExitAsync();
            Assert.SkipUnless(npm.ExitCode == 0, $"azurite {Version} cannot be installed here: {await errors}");
            Directory.Move(half, directory);
            return directory;
        }
        finally
        {
            Installing.Release();
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed, which installs Azurite.");
            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
