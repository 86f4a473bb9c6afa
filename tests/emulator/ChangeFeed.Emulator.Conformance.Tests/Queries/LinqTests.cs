using System.Linq.Expressions;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Linq;

namespace ChangeFeed.Emulator.Conformance.Tests.Queries;

/// <summary>What the LINQ provider of the SDK makes of C# is understood, and means what it means in C#.</summary>
public sealed class LinqTests(Endpoint endpoint)
{
    public sealed record Pet(string name, int age);

    public sealed record Person(
        string id, string pk, string name, int age, double? height, DateTime born, bool active, string[] tags, Pet[] pets);

    private static readonly Person[] People =
    [
        new("1", "a", "Anna", 30, 1.7, new(1994, 1, 2, 0, 0, 0, DateTimeKind.Utc), true, ["x", "y"], [new("Rex", 3), new("Tom", 9)]),
        new("2", "b", "bob", 25, null, new(1999, 5, 6, 0, 0, 0, DateTimeKind.Utc), false, [], []),
        new("3", "c", "Carl Maria", 41, 1.85, new(1983, 12, 31, 0, 0, 0, DateTimeKind.Utc), true, ["y"], [new("Ida", 1)]),
        new("4", "d", "Dora", 25, 1.6, new(1999, 7, 1, 0, 0, 0, DateTimeKind.Utc), false, ["z", "x"], [new("Rex", 7)]),
    ];

    private static readonly SemaphoreSlim Once = new(1);
    private static Container? _container;

    private async Task<Container> FilledAsync()
    {
        await Once.WaitAsync();
        try
        {
            if (_container is not null)
                return _container;
            var container = await endpoint.NewContainerAsync(
                change: properties => properties.IndexingPolicy.AddComposite("/age DESC", "/id"));
            foreach (var person in People)
                await container.CreateItemAsync(person);
            return _container = container;
        }
        finally
        {
            Once.Release();
        }
    }

    [Fact]
    public Task Rows_are_skipped_in_and_without_an_order() => Task.WhenAll(
        SameAsync(people => people.OrderBy(p => p.name).Skip(1), ordered: true),
        SameCountAsync(people => people.Skip(3), People.Length - 3));

    private async Task SameCountAsync<T>(Func<IQueryable<Person>, IQueryable<T>> query, int count)
    {
        using var feed = query((await FilledAsync()).GetItemLinqQueryable<Person>()).ToFeedIterator();
        var seen = 0;
        while (feed.HasMoreResults)
            seen += (await feed.ReadNextAsync()).Count;
        seen.ShouldBe(count);
    }

    /// <summary>Runs a query on the container and in memory; both must give the same.</summary>
    private async Task SameAsync<T>(Func<IQueryable<Person>, IQueryable<T>> query, bool ordered = false)
    {
        using var feed = query((await FilledAsync()).GetItemLinqQueryable<Person>()).ToFeedIterator();
        var results = new List<string>();
        while (feed.HasMoreResults)
            results.AddRange((await feed.ReadNextAsync()).Select(Text));
        var expected = query(People.AsQueryable()).AsEnumerable().Select(Text).ToList();
        if (!ordered)
        {
            results.Sort(StringComparer.Ordinal);
            expected.Sort(StringComparer.Ordinal);
        }
        results.ShouldBe(expected, query((await FilledAsync()).GetItemLinqQueryable<Person>()).ToString());
    }

    private static string Text<T>(T value) => Newtonsoft.Json.JsonConvert.SerializeObject(value);

    private static readonly Expression<Func<Person, bool>>[] Conditions =
    [
        p => p.age > 25 && p.active,
        p => p.age == 25 || p.name == "Anna",
        p => !(p.age >= 30),
        p => p.height == null,
        p => p.height != null && p.height > 1.65,
        p => p.name.StartsWith("A") || p.name.EndsWith("a"),
        p => p.name.Contains("ar"),
        p => p.name.StartsWith("B", StringComparison.OrdinalIgnoreCase),
        p => p.name.ToLower() == "bob" || p.name.ToUpper() == "DORA",
        p => p.name.IndexOf("r") == 2,
        p => p.name.Substring(1, 2) == "nn",
        p => p.name.Replace("a", "o") == "Anno",
        p => p.name.Trim() + "!" == "bob!",
        p => p.tags.Contains("x"),
        p => p.tags.Any(),
        p => p.tags.Count() == 2,
        p => p.pets.Any(pet => pet.age > 5),
        p => p.pets.Count() == 1,
        p => new[] { "1", "3", "9" }.Contains(p.id),
        p => p.born > new DateTime(1994, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        p => p.age % 2 == 1 && p.age * 2 - 1 > 50,
        p => (p.age & 1) == 1,
        p => Math.Abs(p.age - 30) <= 5,
        p => Math.Floor(p.age / 10.0) == 2,
        p => (p.active ? p.age : 0) > 35,
    ];

    [Fact]
    public async Task A_condition_means_what_it_means_in_csharp()
    {
        foreach (var condition in Conditions)
            await SameAsync(people => people.Where(condition).Select(person => person.id));
    }

    [Fact]
    public Task Projections_make_new_shapes() =>
        SameAsync(people => people.Select(p => new { p.id, Years = p.age + 1, p.tags, Deep = new { p.name } }).Where(p => p.id != "2"));

    [Fact]
    public Task Orders_and_windows_are_kept() =>
        SameAsync(people => people.OrderByDescending(p => p.age).ThenBy(p => p.id).Skip(1).Take(2).Select(p => p.id), ordered: true);

    [Fact]
    public Task Inner_arrays_are_flattened() =>
        SameAsync(people => people.SelectMany(p => p.pets.Where(pet => pet.age > 2).Select(pet => new { p.id, pet.name })));

    [Fact]
    public Task Distinct_values_come_once() => SameAsync(people => people.Select(p => p.age).Distinct());

    [Fact]
    public Task Groups_are_aggregated() => SameAsync(people => people.GroupBy(p => p.age, (age, group) => new { age, n = group.Count() }));

    [Fact]
    public async Task Aggregates_are_computed()
    {
        var people = (await FilledAsync()).GetItemLinqQueryable<Person>();

        (await people.CountAsync()).Resource.ShouldBe(4);
        (await people.Where(p => p.active).Select(p => p.age).SumAsync()).Resource.ShouldBe(71);
        (await people.Select(p => p.age).AverageAsync()).Resource.ShouldBe(30.25);
        (await people.Select(p => p.age).MinAsync()).Resource.ShouldBe(25);
        (await people.Select(p => p.name).MaxAsync()).Resource.ShouldBe("bob");
        (await people.Select(p => p.age).Distinct().CountAsync()).Resource.ShouldBe(3);
    }
}
