namespace Orders.Web;

/// <summary>What is wrong with a request, by the path of the field: <c>lines[0].quantity</c>. <c>$</c> is the body as a whole.</summary>
public sealed class FieldErrors
{
    /// <summary>Path of the body as a whole.</summary>
    public const string Body = "$";

    /// <summary>Fields reported at once; a body of nonsense must not become a longer answer.</summary>
    public const int MaxFields = 100;

    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>Notes one problem: a sentence that says what the field must be.</summary>
    public void Add(string path, string problem)
    {
        if (_errors.TryGetValue(path, out var problems))
            problems.Add(problem);
        else if (_errors.Count < MaxFields)
            _errors.Add(path, [problem]);
    }

    /// <summary>The <c>errors</c> of a validation problem.</summary>
    public IDictionary<string, string[]> ToDictionary() => _errors.ToDictionary(e => e.Key, e => e.Value.Distinct().ToArray());
}
