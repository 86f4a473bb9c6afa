using System.Text.Json;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Model.Indexing;

/// <summary>The terms of a document in the index of its container, of which each costs when it comes or goes: a path and a value at it.</summary>
/// <remarks>Only hashes, for counting. System properties are not counted, and are not to be changed by clients.</remarks>
internal static class IndexTerms
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    /// <summary>How many terms a document has.</summary>
    public static int Count(ReadOnlySpan<byte> document, IndexingPolicy policy) =>
        policy.IndexesNothing ? 0 : Of(document, policy).Count + policy.Composites.Length;

    /// <summary>How many terms only one of two versions of a document has.</summary>
    public static int Changed(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, IndexingPolicy policy)
    {
        if (policy.IndexesNothing)
            return 0;
        var terms = Of(before, policy);
        terms.SymmetricExceptWith(Of(after, policy));
        // Which of the composite indexes has one of the changed values is not looked up: all count.
        return terms.Count == 0 ? 0 : terms.Count + 2 * policy.Composites.Length;
    }

    private static HashSet<ulong> Of(ReadOnlySpan<byte> document, IndexingPolicy policy)
    {
        var terms = new HashSet<ulong>();
        var reader = new Utf8JsonReader(document, Options);
        reader.Read();
        Add(ref reader, policy.Tree, policy.Tree.Everything ?? false, 0, terms);
        return terms;
    }

    /// <param name="reader">On the beginning of a value; afterwards on its end.</param>
    /// <param name="node">What the policy says of this path; null where it says nothing more.</param>
    /// <param name="indexed">What it says of all below the last path it knows.</param>
    /// <param name="path">Hash of the path.</param>
    /// <param name="terms">Where the terms go.</param>
    private static void Add(ref Utf8JsonReader reader, IndexPathTree? node, bool indexed, ulong path, HashSet<ulong> terms)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when node is null && !indexed:
                reader.Skip();
                break;
            case JsonTokenType.StartObject:
                var isDocument = reader.CurrentDepth == 0;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var child = node?.Find(ref reader);
                    var isSystem = isDocument && reader.ValueSpan is [(byte)'_', ..];
                    var below = MurmurHash3.Hash128(reader.ValueSpan, path).Low;
                    reader.Read();
                    if (isSystem)
                        reader.Skip();
                    else
                        Add(ref reader, child, child?.Everything ?? indexed, below, terms);
                }
                break;
            case JsonTokenType.StartArray:
                var element = node?.Element;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    Add(ref reader, element, element?.Everything ?? indexed, ~path, terms);
                break;
            default:
                if (node?.Value ?? indexed)
                    terms.Add(MurmurHash3.Hash128(reader.ValueSpan, path, (ulong)reader.TokenType).Low);
                break;
        }
    }
}
