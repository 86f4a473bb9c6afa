using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ChangeFeed.AppHost.Tests;

/// <summary>The arrows between the wings, by what the projects refer to, and that one finds a type where its name says.</summary>
public sealed partial class ArchitectureTests
{
    private const string Libraries = "src/libraries/";
    private const string Emulator = "src/emulator/";
    private const string Orders = "src/orders/";
    private const string Defaults = "ChangeFeed.ServiceDefaults/";

    private static readonly string[] Services = ["Api", "Tax", "TaxAudit", "Payment", "Fulfillment", "Notification", "Views", "Sinks", "CustomerCare"];

    // A library's users need one namespace, whatever its rooms are; an integration of Aspire is found where Aspire's own are.
    private static readonly string[] RootNamespaces = ["ChangeFeed.MassTransit", "Aspire.Hosting", "Aspire.Hosting.ApplicationModel"];

    [Fact]
    public void A_library_refers_to_libraries_only() =>
        References(Libraries).ShouldAllBe(reference => reference.To.StartsWith(Libraries, StringComparison.Ordinal));

    [Fact]
    public void The_emulator_refers_to_its_own_wing_only() =>
        References(Emulator).ShouldAllBe(reference => reference.To.StartsWith(Emulator, StringComparison.Ordinal));

    [Fact]
    public void Service_defaults_know_no_project() => References(Defaults).ShouldBeEmpty();

    [Fact]
    public void Only_the_app_host_refers_to_the_emulators_wing() =>
        References("").Where(reference => reference.To.StartsWith(Emulator, StringComparison.Ordinal))
            .Where(reference => !reference.From.StartsWith(Emulator, StringComparison.Ordinal))
            .Select(reference => reference.From).Distinct().ShouldBe(["ChangeFeed.AppHost/ChangeFeed.AppHost.csproj"]);

    [Fact]
    public void No_service_refers_to_another_but_the_host_of_all_workers() =>
        References(Orders).Where(reference => NameOf(reference.From) != "Orders.Compact")
            .ShouldAllBe(reference => !Services.Contains(NameOf(reference.To).Replace("Orders.", "")));

    [Fact]
    public void Every_type_is_in_the_namespace_of_its_folder()
    {
        foreach (var project in Projects(""))
        {
            var directory = Path.GetDirectoryName(Path.Combine(RunningPipeline.RepositoryRoot, project))!;
            foreach (var file in Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories).Where(IsSource))
            {
                var folder = Path.GetRelativePath(directory, Path.GetDirectoryName(file)!);
                var expected = folder == "." ? NameOf(project) : $"{NameOf(project)}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
                if (Namespace().Match(File.ReadAllText(file)) is { Success: true } found && !RootNamespaces.Contains(found.Groups[1].Value))
                    found.Groups[1].Value.ShouldBe(expected, file);
            }
        }
    }

    private static IEnumerable<(string From, string To)> References(string wing) =>
        from project in Projects(wing)
        from reference in XDocument.Load(Path.Combine(RunningPipeline.RepositoryRoot, project)).Descendants("ProjectReference")
        let path = Path.Combine(RunningPipeline.RepositoryRoot, Path.GetDirectoryName(project)!, (string)reference.Attribute("Include")!)
        select (project, Relative(path));

    /// <summary>The projects of the product, or of one of its wings.</summary>
    private static IEnumerable<string> Projects(string wing) => new[] { "src", "ChangeFeed.AppHost", "ChangeFeed.ServiceDefaults" }
        .SelectMany(folder => Directory.EnumerateFiles(
            Path.Combine(RunningPipeline.RepositoryRoot, folder), "*.csproj", SearchOption.AllDirectories))
        .Where(IsSource).Select(Relative).Where(project => project.StartsWith(wing, StringComparison.Ordinal));

    private static bool IsSource(string path) => !Relative(path).Split('/').Any(part => part is "obj" or "bin");

    private static string Relative(string path) =>
        Path.GetRelativePath(RunningPipeline.RepositoryRoot, Path.GetFullPath(path)).Replace(Path.DirectorySeparatorChar, '/');

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
