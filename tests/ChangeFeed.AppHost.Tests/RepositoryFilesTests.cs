using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using YamlDotNet.RepresentationModel;

namespace ChangeFeed.AppHost.Tests;

/// <summary>The files that only a host of repositories reads: nothing else would notice that they are broken.</summary>
public sealed partial class RepositoryFilesTests
{
    public static TheoryData<string> YamlFiles =>
        [.. Directory.EnumerateFiles(Path.Combine(RunningPipeline.RepositoryRoot, ".github"), "*.yml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RunningPipeline.RepositoryRoot, path))];

    [Theory, MemberData(nameof(YamlFiles))]
    public void Every_file_of_the_host_is_YAML(string file) => Load(file).Children.ShouldNotBeEmpty();

    [Fact]
    public void The_workflow_runs_what_everybody_runs()
    {
        var steps = (YamlSequenceNode)Load(".github/workflows/ci.yml")["jobs"]["test"]["steps"];
        var run = (string?)steps.Children.Where(step => ((YamlMappingNode)step).Children.ContainsKey("run")).ShouldHaveSingleItem()["run"];

        var script = Path.Combine(RunningPipeline.RepositoryRoot, run!);
        File.Exists(script).ShouldBeTrue(script);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue(script);
    }

    [Fact]
    public void Every_form_for_an_issue_has_what_the_host_asks_for()
    {
        var forms = YamlFiles.Select(row => row.Data)
            .Where(file => file.Contains("ISSUE_TEMPLATE") && !file.EndsWith("config.yml")).ToList();
        forms.ShouldNotBeEmpty();
        foreach (var form in forms)
        {
            var root = Load(form);
            ((string?)root["name"]).ShouldNotBeNullOrWhiteSpace(form);
            ((string?)root["description"]).ShouldNotBeNullOrWhiteSpace(form);
            foreach (var field in ((YamlSequenceNode)root["body"]).Children)
                ((string?)field["attributes"]["label"]).ShouldNotBeNullOrWhiteSpace(form);
        }
    }

    [Fact]
    public void No_line_of_code_is_too_long()
    {
        var limit = int.Parse(
            Regex.Match(File.ReadAllText(Path.Combine(RunningPipeline.RepositoryRoot, ".editorconfig")), @"max_line_length = (\d+)").Groups[1].Value,
            CultureInfo.InvariantCulture);

        var tooLong =
            from path in Directory.EnumerateFiles(RunningPipeline.RepositoryRoot, "*.cs", SearchOption.AllDirectories)
            let file = Path.GetRelativePath(RunningPipeline.RepositoryRoot, path)
            where !file.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin", "artifacts"]).Any()
            from line in File.ReadLines(path).Select((text, n) => (Text: text, Number: n + 1))
                // A long text is read as a whole: it is not cut.
            where line.Text.Length > limit && !LongText().IsMatch(line.Text)
            select $"{file}:{line.Number}";

        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_pinned_package_has_its_reason()
    {
        var pinned = XDocument.Load(Path.Combine(RunningPipeline.RepositoryRoot, "Directory.Packages.props")).Descendants()
            .Where(element => element.Name.LocalName is "PackageVersion" or "GlobalPackageReference")
            .Select(element => element.Attribute("Include")!.Value)
            .ToList();
        var reasons = File.ReadAllText(Path.Combine(RunningPipeline.RepositoryRoot, "docs", "dependencies.md"));

        pinned.ShouldNotBeEmpty();
        pinned.Where(package => !reasons.Contains(package, StringComparison.Ordinal))
            .ShouldBeEmpty("docs/dependencies.md says why each package is here.");
    }

    private static YamlMappingNode Load(string file)
    {
        using var reader = File.OpenText(Path.Combine(RunningPipeline.RepositoryRoot, file));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    [GeneratedRegex("\"[^\"]{80,}\"|\"\"\"|^\\s*\\{\"")]
    private static partial Regex LongText();
}
