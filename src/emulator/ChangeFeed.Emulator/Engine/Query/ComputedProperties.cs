using ChangeFeed.Emulator.Engine.Query.Execution;
using ChangeFeed.Emulator.Engine.Query.Syntax;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>The computed properties of a container, parsed.</summary>
internal sealed class ComputedProperties
{
    private const int Most = 20;

    private static readonly string[] Reserved = ["id", "_rid", "_self", "_etag", "_ts", "_attachments", "_lsn"];

    private readonly Dictionary<string, SelectQuery> _queries = [];

    private ComputedProperties(IReadOnlyList<ComputedProperty> properties)
    {
        foreach (var property in properties)
            _queries[property.Name] = Parser.ParseQuery(property.Query);
        Signature = string.Join('\n', properties.Select(property => $"{property.Name} {property.Query}"));
    }

    /// <summary>Tells the queries of containers with other properties apart.</summary>
    public string Signature { get; }

    /// <summary>Null where there are none.</summary>
    public static ComputedProperties? Of(ContainerDefinition container) =>
        container.ComputedProperties.Length == 0 ? null : new(container.ComputedProperties);

    /// <summary>The alias a property's query gives the document, and its expression.</summary>
    public (string Alias, Expression Value)? Find(string name) =>
        _queries.TryGetValue(name, out var query) ? (query.From[0].Alias!, query.Select.Value!) : null;

    /// <summary>Refuses definitions the service refuses.</summary>
    /// <exception cref="QueryException">A query is none (400).</exception>
    /// <exception cref="CosmosErrorException">A name or the form of a query is wrong (400).</exception>
    public static void Check(IReadOnlyList<ComputedProperty> properties)
    {
        if (properties.Count > Most)
            throw CosmosErrorException.BadRequest($"The container has {properties.Count} computed properties; at most {Most} are allowed.");
        if (properties.GroupBy(property => property.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw CosmosErrorException.BadRequest($"The computed property '{twice.Key}' is there twice.");
        foreach (var property in properties)
            Check(property);
    }

    private static void Check(ComputedProperty property)
    {
        if (property.Name.Length == 0 || Reserved.Contains(property.Name))
            throw CosmosErrorException.BadRequest($"A computed property cannot have the name '{property.Name}'.");
        var query = Parser.ParseQuery(property.Query);
        if (query is not
            {
                Select: { Value: { } value, Distinct: false, Top: null },
                From: [{ Path: Identifier, Iterate: false, Alias: not null }],
                Where: null,
                GroupBy: [],
                OrderBy: [],
                Offset: null,
            } || value is Identifier or Literal)
            throw CosmosErrorException.BadRequest(
                $"The query of the computed property '{property.Name}' must be SELECT VALUE with one expression over FROM, and nothing else.");
        PreparedQuery.Parse(property.Query);
    }
}
