using System.Text;
using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Syntax;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>A parsed and compiled query; serves any number of concurrent runs.</summary>
internal sealed class PreparedQuery
{
    private PreparedQuery(SelectQuery syntax, string text, ComputedProperties? computed = null)
    {
        Syntax = syntax;
        Compiled = Compiler.Compile(syntax, text, computed);
        var order = syntax with { Where = null };
        Signature = Hash128.Compute(Encoding.UTF8.GetBytes(SqlText.Of(order)), default).Low.ToString("x16");
    }

    public SelectQuery Syntax { get; }

    public CompiledQuery Compiled { get; }

    public SelectPlan Plan => Compiled.Plan;

    /// <summary>
    /// Marks the continuations of this query. WHERE has no part in it: a client that resumes a sorted query changes the condition
    /// and still sends the continuation it was given before.
    /// </summary>
    public string Signature { get; }

    public static PreparedQuery Parse(string text, ComputedProperties? computed = null) => new(Parser.ParseQuery(text), text, computed);

    public static PreparedQuery ParseCondition(string text) => new(Parser.ParseCondition(text), text);
}
