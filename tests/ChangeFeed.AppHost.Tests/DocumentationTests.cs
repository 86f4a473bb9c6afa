using System.Text.RegularExpressions;

namespace ChangeFeed.AppHost.Tests;

/// <summary>What the documentation points at is there, what it names exists, and the README stays short.</summary>
public sealed partial class DocumentationTests
{
    private const int MaxWordsOfReadme = 900;

    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".data", "artifacts"];

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(RunningPipeline.RepositoryRoot, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RunningPipeline.RepositoryRoot, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(NotOurs.Contains))];

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page)
    {
        foreach (var link in LinksOf(page))
        {
            (File.Exists(link.File) || Directory.Exists(link.File)).ShouldBeTrue($"{page} links to {link.Target}");
            if (link.Heading.Length > 0)
                HeadingsOf(link.File).ShouldContain(link.Heading, $"{page} links to a heading of {link.Target}");
        }
    }

    /// <summary>Such as <c>[`A_test`](its/file.cs)</c>.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void What_a_link_to_a_source_file_names_is_in_it(string page)
    {
        var named = LinksOf(page).Where(link => link.File.EndsWith(".cs", StringComparison.Ordinal) && Identifier().IsMatch(link.Text));
        foreach (var link in named)
            File.ReadAllText(link.File).ShouldContain(link.Text.Trim('`'), customMessage: $"{page} names {link.Text} in {link.Target}");
    }

    /// <summary>Such as <c>dotnet run --project src/somewhere</c>. What a page tells to make is not there yet.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Every_path_that_a_page_names_is_there(string page)
    {
        foreach (Match path in Paths().Matches(Read(page)))
        {
            var named = path.Value.TrimEnd('.');
            if (!named.Contains("FraudCheck", StringComparison.Ordinal) && !named.Contains("NNNN", StringComparison.Ordinal))
                Path.Exists(Path.Combine(RunningPipeline.RepositoryRoot, named)).ShouldBeTrue($"{page} names {named}");
        }
    }

    [Fact]
    public void Every_guarantee_names_the_tests_behind_it()
    {
        var sections = GuaranteeHeading().Split(Read("docs/guarantees.md")).Skip(1).ToList();
        sections.Count.ShouldBe(8);
        sections.ShouldAllBe(section => Links().Matches(section).Any(link => Identifier().IsMatch(link.Groups["text"].Value)));
    }

    [Fact]
    public void The_README_lists_as_many_guarantees_as_there_are() =>
        Regex.Count(Read("README.md"), @"^[1-8]\. [^\[]", RegexOptions.Multiline).ShouldBe(8);

    [Fact]
    public void The_index_of_decisions_has_every_decision_by_its_title()
    {
        var directory = Path.Combine(RunningPipeline.RepositoryRoot, "docs", "adr");
        var decisions = Directory.EnumerateFiles(directory, "????-*.md").Order(StringComparer.Ordinal)
            .Select(file => (
                Number: Path.GetFileName(file)[..4].TrimStart('0'),
                File: Path.GetFileName(file),
                Title: DecisionTitle().Match(File.ReadLines(file).First()).Groups["title"].Value))
            .ToList();

        var rows = File.ReadLines(Path.Combine(directory, "README.md")).Select(line => DecisionRow().Match(line))
            .Where(row => row.Success)
            .Select(row => (row.Groups["number"].Value, row.Groups["file"].Value, row.Groups["title"].Value));
        rows.ShouldBe(decisions);
    }

    [Fact]
    public void The_index_of_the_documentation_leads_to_every_page()
    {
        var listed = LinksOf(Path.Combine("docs", "README.md")).Select(link => link.File).ToList();
        Directory.EnumerateFiles(Path.Combine(RunningPipeline.RepositoryRoot, "docs"), "*.md")
            .Where(file => Path.GetFileName(file) != "README.md").ShouldBeSubsetOf(listed);
    }

    [Fact]
    public void The_README_is_short()
    {
        var readme = Read("README.md");
        readme.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeLessThanOrEqualTo(MaxWordsOfReadme);
        readme.Split('\n').Where(line => !line.StartsWith('|')).ShouldAllBe(line => line.Length <= 200);
    }

    private static string Read(string page) =>
        File.ReadAllText(Path.Combine(RunningPipeline.RepositoryRoot, page)).ReplaceLineEndings("\n");

    private static IEnumerable<(string Text, string Target, string File, string Heading)> LinksOf(string page)
    {
        var path = Path.Combine(RunningPipeline.RepositoryRoot, page);
        foreach (Match link in Links().Matches(Fences().Replace(Read(page), "")))
        {
            var target = link.Groups["target"].Value;
            var file = target.Length == 0 ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, target));
            yield return (link.Groups["text"].Value, target, file, link.Groups["heading"].Value);
        }
    }

    /// <summary>The headings of a page as links spell them: lower case, hyphens for spaces, and no punctuation.</summary>
    private static IEnumerable<string> HeadingsOf(string file) =>
        Heading().Matches(Fences().Replace(File.ReadAllText(file).ReplaceLineEndings("\n"), ""))
            .Select(heading => Punctuation().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex("""\[(?<text>[^\[\]]+)\]\((?!https?:|mailto:)(?<target>[^)#\s]*)(#(?<heading>[^)\s]*))?\)""")]
    private static partial Regex Links();

    [GeneratedRegex(@"(?<![\w/.\-])(src|tests|docs|bench|deploy|ChangeFeed\.AppHost|ChangeFeed\.ServiceDefaults)/[\w./\-]+")]
    private static partial Regex Paths();

    [GeneratedRegex("^`[A-Za-z_][A-Za-z0-9_]*`$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^## [1-8]\. ", RegexOptions.Multiline)]
    private static partial Regex GuaranteeHeading();

    [GeneratedRegex(@"^# \d+\. (?<title>.+)$")]
    private static partial Regex DecisionTitle();

    [GeneratedRegex(@"^\| (?<number>\d+) \| \[(?<title>.+)\]\((?<file>[^)]+)\) \| .+ \|$")]
    private static partial Regex DecisionRow();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
