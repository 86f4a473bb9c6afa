namespace ChangeFeed.Migration;

/// <summary>The transformations a process knows, by name. <see cref="Unchanged"/> is always one of them.</summary>
/// <param name="known">The others.</param>
public sealed class Transformations(params IEnumerable<IDocumentTransformation> known)
{
    private readonly Dictionary<string, IDocumentTransformation> _byName = known.Prepend(new Unchanged()).ToDictionary(t => t.Name);

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>The transformation of that name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="MigrationException">This build has none of that name.</exception>
    public IDocumentTransformation Get(string name) => _byName.TryGetValue(name, out var found)
        ? found
        : throw new MigrationException($"There is no transformation '{name}'; there are {string.Join(", ", _byName.Keys.Order())}.");
}
