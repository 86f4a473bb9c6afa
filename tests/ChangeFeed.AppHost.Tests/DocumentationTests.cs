using System.Text.RegularExpressions;

namespace ChangeFeed.AppHost.Tests;

/// <summary>What the documentation points at is there, and the test it names behind a promise exists.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(RunningPipeline.RepositoryRoot, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RunningPipeline.RepositoryRoot, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or ".data" or "artifacts"))];

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page)
    {
        var path = Path.Combine(RunningPipeline.RepositoryRoot, page);
        foreach (Match link in Links().Matches(File.ReadAllText(path)))
        {
            var (target, title) = (link.Groups["target"].Value, link.Groups["title"].Value);
            var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, target));
            (File.Exists(file) || Directory.Exists(file)).ShouldBeTrue($"{page} links to {target}");
            if (title.Length > 0)
                File.ReadAllText(file).ShouldContain(title, customMessage: $"{page} names {title} in {target}");
        }
    }

    [Fact]
    public void Every_guarantee_names_the_tests_behind_it()
    {
        var rows = File.ReadLines(Path.Combine(RunningPipeline.RepositoryRoot, "README.md")).Where(line => GuaranteeRow().IsMatch(line)).ToList();
        rows.Count.ShouldBe(8);
        rows.ShouldAllBe(row => Links().Matches(row).Any(link => link.Groups["title"].Value.Length > 0));
    }

    [GeneratedRegex("""\]\((?!https?:|#|mailto:)(?<target>[^)#\s]+)(#[^)\s]*)?(\s+"(?<title>[^"]*)")?\)""")]
    private static partial Regex Links();

    [GeneratedRegex(@"^\| [1-8] \| ")]
    private static partial Regex GuaranteeRow();
}
