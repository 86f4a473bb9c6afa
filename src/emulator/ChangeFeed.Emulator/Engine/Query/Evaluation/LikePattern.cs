
namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>A pattern of LIKE: <c>%</c> any text, <c>_</c> one character, <c>[a-f]</c> one of a set, <c>[^a-f]</c> one not in it.</summary>
internal sealed class LikePattern
{
    private readonly record struct Element(char Literal, string? Set, bool Any, bool Many);

    private readonly List<Element> _elements = [];

    public LikePattern(string text, char? escape)
    {
        Text = text;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == escape && i + 1 < text.Length)
                _elements.Add(new Element(text[++i], null, false, false));
            else if (c == '%')
                _elements.Add(new Element('\0', null, false, true));
            else if (c == '_')
                _elements.Add(new Element('\0', null, true, false));
            else if (c == '[' && text.IndexOf(']', i + 1) is var close and > 0)
                _elements.Add(new Element('\0', text[(i + 1)..(i = close)], false, false));
            else
                _elements.Add(new Element(c, null, false, false));
        }
    }

    public string Text { get; }

    public bool Matches(string value)
    {
        var (at, element) = (0, 0);
        var (retryAt, retryElement) = (0, -1);
        while (at < value.Length)
        {
            if (element < _elements.Count && _elements[element].Many)
            {
                retryElement = ++element;
                retryAt = at;
            }
            else if (element < _elements.Count && IsMatch(_elements[element], value[at]))
            {
                element++;
                at++;
            }
            else if (retryElement >= 0)
            {
                element = retryElement;
                at = ++retryAt;
            }
            else
            {
                return false;
            }
        }
        while (element < _elements.Count && _elements[element].Many)
            element++;
        return element == _elements.Count;
    }

    private static bool IsMatch(Element element, char c) => element switch
    {
        { Any: true } => true,
        { Set: { } set } => set.StartsWith('^') ? !IsIn(set.AsSpan(1), c) : IsIn(set, c),
        _ => element.Literal == c,
    };

    private static bool IsIn(ReadOnlySpan<char> set, char c)
    {
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (c >= set[i] && c <= set[i + 2])
                    return true;
                i += 2;
            }
            else if (set[i] == c)
            {
                return true;
            }
        }
        return false;
    }
}
