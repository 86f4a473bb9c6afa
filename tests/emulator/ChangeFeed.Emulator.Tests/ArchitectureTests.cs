using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace ChangeFeed.Emulator.Tests;

/// <summary>References go Endpoints → Engine → Storage → Model and Endpoints → Protocol → Model, and never back.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Rooms = ["Endpoints", "Protocol", "Engine", "Storage", "Model"];

    private static readonly Architecture Emulator = new ArchLoader().LoadAssembly(typeof(EmulatorHost).Assembly).Build();

    [Theory]
    [InlineData("Model")]
    [InlineData("Storage", "Model")]
    [InlineData("Protocol", "Model")]
    [InlineData("Engine", "Storage", "Model")]
    [InlineData("Endpoints", "Engine", "Storage", "Protocol", "Model")]
    public void A_room_refers_only_to_those_below_it(string room, params string[] below)
    {
        foreach (var other in Rooms.Except(below).Where(other => other != room))
            In(room).Should().NotDependOnAny(In(other)).Check(Emulator);
        In(room).Should().NotDependOnAny(Types().That().Are(typeof(EmulatorHost), typeof(CommandLine))).Check(Emulator);
    }

    [Fact]
    public void A_reference_in_the_wrong_direction_is_seen() =>
        Should.Throw<FailedArchRuleException>(() => In("Endpoints").Should().NotDependOnAny(In("Storage")).Check(Emulator));

    [Fact]
    public void Every_type_is_in_a_room_but_what_starts_the_emulator() =>
        typeof(EmulatorHost).Assembly.GetTypes()
            .Where(type => type.Namespace == "ChangeFeed.Emulator" && !type.IsNested)
            .Select(type => type.Name)
            .ShouldBe(["CommandLine", "EmulatorHost", "EmulatorOptions", "EmulatorStartException", "ExplorerMode"], ignoreOrder: true);

    [Fact]
    public void Users_see_how_to_start_it_and_nothing_else() =>
        typeof(EmulatorHost).Assembly.GetExportedTypes()
            // The web SDK makes Program public.
            .Where(type => type.Name != "Program")
            .ShouldBe([typeof(EmulatorHost), typeof(EmulatorOptions), typeof(EmulatorStartException), typeof(ExplorerMode)], ignoreOrder: true);

    [Fact]
    public void The_emulator_refers_to_no_other_project() =>
        typeof(EmulatorHost).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .ShouldAllBe(name => !name.StartsWith("ChangeFeed.") && !name.StartsWith("Orders."));

    private static GivenTypesConjunction In(string room) =>
        Types().That().ResideInNamespaceMatching($@"^ChangeFeed\.Emulator\.{room}(\.|$)");
}
