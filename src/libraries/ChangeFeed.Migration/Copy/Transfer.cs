using System.Text.Json.Nodes;
using ChangeFeed.Migration.Plan;

namespace ChangeFeed.Migration.Copy;

/// <summary>Says what of a change of the source is to stand in the target. Pure, but for the time, which remaining lives are reckoned from.</summary>
/// <param name="plan">The migration.</param>
/// <param name="source">Where documents come from.</param>
/// <param name="target">Where they go.</param>
/// <param name="transformation">What becomes of them.</param>
/// <param name="time">The time.</param>
internal sealed class Transfer(MigrationPlan plan, Side source, Side target, IDocumentTransformation transformation, TimeProvider time)
{
    private bool IsForward => plan.Generation % 2 == 1;

    /// <summary>What is to be written, in order; empty for what came from the other side itself, and for what has expired.</summary>
    /// <exception cref="MigrationException">The transformation fails, or gives a document without an id.</exception>
    public IReadOnlyList<TargetChange> Changes(SourceChange change)
    {
        if (DocumentStamp.Of(change.Document) is { } stamp && stamp.Plan == plan.Key)
        {
            // A mark says nothing, and what the generation before brought here need not go back. A document deleted here goes, whoever brought it.
            if (stamp.Deleted || (!change.IsDelete && DocumentStamp.OfCarried(change.Document, plan.Key) is not null))
                return [];
        }

        var remaining = Remaining(change);
        if (!change.IsDelete && remaining <= 0)
            return [];
        var key = source.Keys.KeyOf(change.Document);
        var isDelete = change.IsDelete || (IsForward && transformation.IsDeleted(change.Document));
        return [.. Outputs(change.Document, IsForward, source).Select(document => Change(document, key, change, isDelete, remaining))];
    }

    /// <summary>Key and content of what is to stand in the target for a document of the source.</summary>
    public IReadOnlyList<(JsonArray Key, string Hash)> Expected(JsonObject document)
    {
        if (DocumentStamp.Of(document) is { Deleted: true } || (IsForward && transformation.IsDeleted(document)))
            return [];
        return [.. Outputs(document, IsForward, source).Select(output => (target.Keys.KeyOf(output), DocumentContent.Hash(output)))];
    }

    /// <summary>Key and content of what a document of the target became when it served, in the source of now.</summary>
    public IReadOnlyList<(JsonArray Key, string Hash)> Origins(JsonObject document) => !IsForward && transformation.IsDeleted(document)
        ? []
        : [.. Outputs(document, !IsForward, target).Select(output => (source.Keys.KeyOf(output), DocumentContent.Hash(output)))];

    private TargetChange Change(JsonObject document, JsonArray key, SourceChange change, bool isDelete, long? remaining)
    {
        var targetKey = target.Keys.KeyOf(document);
        var stamp = new DocumentStamp(plan.Key, plan.Generation, change.Version, isDelete ? null : change.ETag, "", key, false);
        if (isDelete)
            return TargetChange.Mark(document, target.Keys.Properties, targetKey, stamp);
        if (remaining is { } seconds)
            document["ttl"] = seconds;
        return TargetChange.Of(document, targetKey, stamp with { Hash = DocumentContent.Hash(document) });
    }

    private List<JsonObject> Outputs(JsonObject document, bool forward, Side side)
    {
        var key = side.Keys.KeyOf(document);
        try
        {
            var content = DocumentContent.Strip(document.DeepClone().AsObject());
            var outputs = forward
                ? transformation.Forward(content)
                : (transformation.Backward ?? throw new MigrationException($"Transformation '{transformation.Name}' has no way back."))(content);
            List<JsonObject> documents = [.. outputs];
            return documents.All(output => output["id"] is JsonValue)
                ? documents
                : throw new MigrationException($"Transformation '{transformation.Name}' gives a document without an id for {key.ToJsonString()}.");
        }
        catch (Exception e) when (e is not MigrationException)
        {
            throw new MigrationException($"Transformation '{transformation.Name}' fails for {key.ToJsonString()}: {e.Message}");
        }
    }

    /// <summary>Seconds the document has still to live; null where it lives for ever, or as long as its store says.</summary>
    private long? Remaining(SourceChange change)
    {
        if (source.DefaultTimeToLive is not { } byDefault)
            return null;
        var life = (long?)change.Document["ttl"] ?? byDefault;
        return life < 0 ? null : life - (time.GetUtcNow().ToUnixTimeSeconds() - change.Written);
    }
}
