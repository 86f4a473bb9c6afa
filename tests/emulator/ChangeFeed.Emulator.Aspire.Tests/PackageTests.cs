using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Aspire.Tests;

/// <summary>The package as others take it: packed, referred to by an app host outside the repository, built and run.</summary>
public sealed class PackageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task An_app_host_outside_the_repository_takes_the_package_and_reaches_the_store()
    {
        using var outside = new OutsideRepository();
        await outside.PackAsync("src/emulator/ChangeFeed.Emulator.Aspire/ChangeFeed.Emulator.Aspire.csproj");
        ReadmeAndNothingOfTheMachine(Path.Combine(outside.Feed, $"ChangeFeed.Emulator.Aspire.{OutsideRepository.Version}.nupkg"));

        var port = FreePort();
        var host = outside.NewProject("host");
        WriteAppHost(host, port);
        await OutsideRepository.DotnetAsync(host, "build", "-v", "q");

        using var process = OutsideRepository.Start("dotnet", host, Path.Combine("bin", "Debug", "net10.0", "AppHost.dll"));
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await UntilHealthyAsync(port, process);
            using var client = new CosmosClient(
                $"AccountEndpoint=http://127.0.0.1:{port}/;AccountKey={CosmosEmulatorResource.WellKnownKey}",
                new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });
            Database database = await client.CreateDatabaseAsync("shop");
            Container container = await database.CreateContainerAsync("orders", "/id");
            await container.CreateItemAsync(new { id = "1" });
            (await container.GetFeedRangesAsync()).Count.ShouldBe(2);
        }
        finally
        {
            // The app host of this test ends with its input.
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(Deadline);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Concat(await output));
        }
        process.ExitCode.ShouldBe(0);
        File.Exists(Path.Combine(host, "data", "emulator.db")).ShouldBeTrue();
        await UntilGoneAsync(port);
    }

    private static void ReadmeAndNothingOfTheMachine(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        zip.GetEntry("README.md").ShouldNotBeNull().Length.ShouldBeGreaterThan(1000);
        zip.GetEntry("lib/net10.0/ChangeFeed.Emulator.Aspire.xml").ShouldNotBeNull();
        using var nuspec = zip.GetEntry("ChangeFeed.Emulator.Aspire.nuspec")!.Open();
        XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value).ShouldBe(["Aspire.Hosting"]);
        zip.Entries.Select(entry => entry.Name).ShouldNotContain(name => name.EndsWith(".pdb") || name == "web.config");
    }

    private static void WriteAppHost(string directory, int port)
    {
        File.WriteAllText(Path.Combine(directory, "AppHost.csproj"), $"""
            <Project Sdk="Aspire.AppHost.Sdk/13.6.4">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NoWarn>NU1603;ASPIRE010</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Aspire.Hosting.AppHost" Version="13.6.5" />
                <PackageReference Include="ChangeFeed.Emulator.Aspire" Version="{OutsideRepository.Version}" />
                <PackageReference Include="Nerdbank.MessagePack" Version="1.3.88" />
                <PackageReference Include="Polly.Core" Version="8.8.0" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(directory, "AppHost.cs"), $"""
            var options = new DistributedApplicationOptions {"{"} Args = args, DisableDashboard = true {"}"};
            var builder = DistributedApplication.CreateBuilder(options);
            builder.AddCosmosEmulator("cosmos", {port}).WithDataDirectory("data").WithPartitions(2);
            await using var application = builder.Build();
            await application.StartAsync();
            Console.In.ReadToEnd();
            await application.StopAsync();
            """);
    }

    private static async Task UntilHealthyAsync(int port, Process process)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            process.HasExited.ShouldBeFalse("The app host has ended.");
            try
            {
                (await HealthAsync(port)).ShouldBe(HttpStatusCode.OK);
                return;
            }
            catch (HttpRequestException) when (clock.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>The orchestrator ends the emulator, which can be a little after the app host has ended.</summary>
    private static async Task UntilGoneAsync(int port)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(1))
        {
            try
            {
                await HealthAsync(port);
                await Task.Delay(100);
            }
            catch (HttpRequestException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"The emulator was gone after another {clock.ElapsedMilliseconds} ms.");
                return;
            }
        }
        Assert.Fail("The emulator outlived its app host by a minute.");
    }

    private static async Task<HttpStatusCode> HealthAsync(int port)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"http://127.0.0.1:{port}/_emulator/health");
        return answer.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
