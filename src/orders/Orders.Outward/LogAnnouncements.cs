using MassTransit;
using Microsoft.Extensions.Logging;

namespace Orders.Outward;

/// <summary>The one who listens to a bus in memory: what others would be told is in the log.</summary>
/// <param name="logger">The log.</param>
internal sealed class LogAnnouncements(ILogger<LogAnnouncements> logger) : IConsumer<Announcement>
{
    public Task Consume(ConsumeContext<Announcement> context)
    {
        logger.LogInformation("{Type} {Id}: {Data}", context.Message.Type, context.Message.Id, context.Message.Data);
        return Task.CompletedTask;
    }
}
