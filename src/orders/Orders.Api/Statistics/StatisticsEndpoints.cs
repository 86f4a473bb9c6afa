using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ReadModels.Statistics;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.Statistics;

/// <summary>GET /stats, GET /stats/top-products and GET /stats/stream.</summary>
internal static class StatisticsEndpoints
{
    private const string FromText = "Beginning; rounded down to a whole window. 15 minutes, or 24 hours, before the end when not given.";
    private const string ToText = "End; rounded up to a whole window. Now when not given.";

    public static void MapStatistics(this WebApplication app)
    {
        var stats = app.MapGroup("/stats").WithTags("Statistics").RequireAuthorization(Roles.Reader);
        stats.MapGet("", GetAsync)
            .WithName("GetStatistics")
            .WithSummary("Tells orders, revenue, failures and the median time to ship")
            .WithDescription(
                "Per minute for up to a day, or per hour for up to a week; of everything, of one country, or per hour of one product. Counted exactly once, "
                + "by the time events happened, a few milliseconds behind them. The default is the last 15 minutes.")
            .WithParameterExample("per", "minute")
            .WithParameterExample("country", "US")
            .Answers(StatusCodes.Status200OK, "The statistics.", StatisticsExamples.Statistics)
            .AnswersProblem(StatusCodes.Status400BadRequest, "A parameter is wrong, or two do not go together.")
            .AnswersTooMuch()
            .AnswersCommonProblems();
        stats.MapGet("/top-products", TopAsync)
            .WithName("GetTopProducts")
            .WithSummary("Tells the ten products ordered most")
            .WithDescription(FormattableString.Invariant(
                $"By pieces ordered, in whole hours. The default is the last 24 hours. Of each hour the {StatisticsReader.MaxProducts} most ordered products of each of ")
                + FormattableString.Invariant($"{StatisticsDocument.Shards} parts of all orders are looked at; where there were more, `isComplete` is false."))
            .Answers(StatusCodes.Status200OK, "The products, most pieces first.", StatisticsExamples.Top)
            .AnswersProblem(StatusCodes.Status400BadRequest, "A parameter is wrong.")
            .AnswersTooMuch()
            .AnswersCommonProblems();
        stats.MapGet("/stream", StatisticsStream.Get)
            .WithName("StreamStatistics")
            .WithSummary("Sends the last 15 minutes whenever they change")
            .WithDescription(
                "Server-sent events: an event 'statistics' with what GET /stats answers, at once and after each change, at most one a second; "
                + "a comment when nothing changed for 15 seconds. Ends when the client leaves.")
            .AnswersEventStream("Events, until one of both leaves.")
            .AnswersCommonProblems()
            .DisableRequestTimeout();
    }

    private static async Task<Ok<StatisticsResponse>> GetAsync(
        StatisticsService statistics,
        StatisticsLimits limits,
        TimeProvider time,
        HttpContext http,
        CancellationToken cancellationToken,
        [Description("minute or hour.")] string? per = null,
        [Description(FromText)] string? from = null,
        [Description(ToText)] string? to = null,
        [Description("Only orders delivered to this country, ISO 3166-1 alpha-2.")] string? country = null,
        [Description("Only this product, by its SKU; with per=hour.")] string? product = null)
    {
        var query = StatisticsQuery.Parse(time.GetUtcNow(), per, from, to, country, product);
        limits.Take(http, query);
        return TypedResults.Ok(await statistics.ReadAsync(query, cancellationToken));
    }

    private static async Task<Ok<TopProductsResponse>> TopAsync(
        StatisticsService statistics,
        StatisticsLimits limits,
        TimeProvider time,
        HttpContext http,
        CancellationToken cancellationToken,
        [Description("Beginning; rounded down to a whole hour. 24 hours before the end when not given.")] string? from = null,
        [Description("End; rounded up to a whole hour. Now when not given.")] string? to = null)
    {
        var query = StatisticsQuery.Parse(time.GetUtcNow(), "hour", from, to, null, null);
        limits.Take(http, query);
        return TypedResults.Ok(await statistics.TopAsync(query, cancellationToken));
    }
}
