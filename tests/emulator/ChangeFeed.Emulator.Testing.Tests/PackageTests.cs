using System.IO.Compression;
using System.Xml.Linq;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>The packages as others take them: packed, installed from a folder outside the repository, and used there.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task The_tests_of_the_sample_run_on_the_package_outside_the_repository()
    {
        using var outside = new OutsideRepository();
        await outside.PackAsync("src/emulator/ChangeFeed.Emulator.Testing/ChangeFeed.Emulator.Testing.csproj");
        using (var zip = ZipFile.OpenRead(Path.Combine(outside.Feed, $"ChangeFeed.Emulator.Testing.{OutsideRepository.Version}.nupkg")))
        {
            zip.GetEntry("README.md").ShouldNotBeNull();
            foreach (var file in (string[])["ChangeFeed.Emulator", "ChangeFeed.Emulator.Testing"])
                foreach (var extension in (string[])["dll", "xml"])
                    zip.GetEntry($"lib/net10.0/{file}.{extension}").ShouldNotBeNull();
            Dependencies(zip).ShouldBe(["Microsoft.Azure.Cosmos", "Newtonsoft.Json", "SQLitePCLRaw.bundle_e_sqlite3"], ignoreOrder: true);
        }
        var project = outside.NewProject("shop");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(OutsideRepository.Repository, "samples", "dotnet")))
            if (Path.GetExtension(file) is ".cs" or ".csproj")
                File.Copy(file, Path.Combine(project, Path.GetFileName(file)));

        await OutsideRepository.DotnetAsync(project, "build", "-v", "q");
        var output = await OutsideRepository.DotnetAsync(project, Path.Combine("bin", "Debug", "net10.0", "Shop.Tests.dll"), "-noColor");

        output.ShouldContain("Total: 4, Errors: 0, Failed: 0, Skipped: 0");
    }

    [Fact]
    public async Task The_tool_is_installed_from_a_folder_and_serves()
    {
        using var outside = new OutsideRepository();
        await outside.PackAsync("src/emulator/ChangeFeed.Emulator/ChangeFeed.Emulator.csproj");
        var project = outside.NewProject("tool");
        await OutsideRepository.DotnetAsync(
            project, "tool", "install", "ChangeFeed.Emulator", "--tool-path", project, "--version", OutsideRepository.Version);

        using var process = OutsideRepository.Start(Path.Combine(project, "cosmos-emulator"), project, "--port", "0", "--in-memory");
        try
        {
            var said = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
            var endpoint = said.ShouldNotBeNull().Split(' ')[2];
            using var client = new CosmosClient(
                $"AccountEndpoint={endpoint};AccountKey={EmulatorOptions.WellKnownKey}",
                new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });
            Database database = await client.CreateDatabaseAsync("shop");
            Container container = await database.CreateContainerAsync("orders", "/id");
            await container.CreateItemAsync(new { id = "1" });
            using var http = new HttpClient { BaseAddress = new(endpoint) };
            (await http.GetStringAsync("_explorer/")).ShouldContain("Data explorer");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    private static IEnumerable<string> Dependencies(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return [.. XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value)];
    }
}
