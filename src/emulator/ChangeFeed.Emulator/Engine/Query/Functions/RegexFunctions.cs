using System.Text.RegularExpressions;
using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal static class RegexFunctions
{
    /// <summary>A pattern that backtracks without end must not hold the store.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static readonly Function[] All = [new("REGEXMATCH", 2, 3, arguments => new RegexMatchNode(arguments))];

    private sealed class RegexMatchNode(Node[] arguments) : Node
    {
        // The pattern is nearly always the same for all documents of a run.
        private volatile Compiled? _last;

        private sealed record Compiled(string Pattern, string Modifiers, Regex Regex);

        public override Value Evaluate(Frame frame)
        {
            var text = arguments[0].Evaluate(frame);
            var pattern = arguments[1].Evaluate(frame);
            var modifiers = arguments.Length > 2 ? arguments[2].Evaluate(frame) : Value.Of("");
            if (!text.IsString || !pattern.IsString || !modifiers.IsString)
                return Value.Undefined;
            var regex = Get(pattern.AsString(), modifiers.AsString());
            if (regex is null)
                return Value.Undefined;
            try
            {
                return Value.Of(regex.IsMatch(text.AsString()));
            }
            catch (RegexMatchTimeoutException)
            {
                throw new QueryException($"The pattern '{pattern.AsString()}' of RegexMatch takes too long; make it simpler.");
            }
        }

        private Regex? Get(string pattern, string modifiers)
        {
            var last = _last;
            if (last is not null && last.Pattern == pattern && last.Modifiers == modifiers)
                return last.Regex;
            if (Options(modifiers) is not { } options)
                return null;
            try
            {
                var regex = new Regex(pattern, options, Limit);
                _last = new Compiled(pattern, modifiers, regex);
                return regex;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        private static RegexOptions? Options(string modifiers)
        {
            var options = RegexOptions.CultureInvariant;
            foreach (var modifier in modifiers)
            {
                switch (modifier)
                {
                    case 'i': options |= RegexOptions.IgnoreCase; break;
                    case 'm': options |= RegexOptions.Multiline; break;
                    case 's': options |= RegexOptions.Singleline; break;
                    case 'x': options |= RegexOptions.IgnorePatternWhitespace; break;
                    default: return null;
                }
            }
            return options;
        }
    }
}
