using System.Text.Json;
using ChangeFeed.EventStore;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Orders.Web;

namespace Orders.CustomerCare.Mcp;

/// <summary>What goes wrong in a tool, as an answer that says what to do; and never how it came about in here.</summary>
internal static class ToolErrors
{
    private const string Unavailable =
        "The store cannot be reached or is too busy. Try again; of an action nobody knows by now whether it was done, so look first.";

    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (context, cancellationToken) =>
        {
            var logger = context.Services!.GetRequiredService<ILogger<OrderTools>>();
            try
            {
                if (context.MatchedPrimitive is McpServerTool tool)
                    Check(tool.ProtocolTool.InputSchema, context.Params?.Arguments);
                return await next(context, cancellationToken);
            }
            catch (InvalidRequestException e)
            {
                return Answer(Sentence(e));
            }
            catch (WrongExpectedVersionException)
            {
                return Answer("Others are changing the same order right now. Nothing was changed; try again.");
            }
            catch (Exception e) when (StoreProblems.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("The store could not answer tool {Tool}: {Problem}", context.Params?.Name, e.Message);
                return Answer(Unavailable);
            }
            catch (Exception e) when (e is not (McpException or OperationCanceledException))
            {
                logger.LogError(e, "Tool {Tool} failed", context.Params?.Name);
                return Answer("Something went wrong in here; the log has the details.");
            }
        };

    // Every argument is a text, as in the address of the API. What is not known is refused: a misspelt one would be a filter left out.
    private static void Check(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        var errors = new FieldErrors();
        var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(p => p.Name).ToHashSet() : [];
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
            if (!known.Contains(name))
                errors.Add(name, $"Is not known; there are {string.Join(", ", known)}.");
            else if (value.ValueKind is not JsonValueKind.String && (required.Contains(name) || value.ValueKind is not JsonValueKind.Null))
                errors.Add(name, "Must be a text.");
        foreach (var name in required.Where(name => arguments?.ContainsKey(name) != true))
            errors.Add(name, "Is needed.");
        if (errors.Any)
            throw new InvalidRequestException(errors);
    }

    private static string Sentence(InvalidRequestException e)
    {
        if (e.Errors is not { } errors)
            return e.RetryAfter is { } wait ? $"{e.Message} Try again in {Math.Ceiling(wait.TotalSeconds)} s." : e.Message;
        return string.Join("\n", errors.Select(error => $"{error.Key}: {string.Join(" ", error.Value)}"));
    }

    private static CallToolResult Answer(string problem) => new() { IsError = true, Content = [new TextContentBlock { Text = problem }] };
}
