using System.Collections.Concurrent;
using System.Diagnostics;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Rider;

internal sealed class Seen
{
    private readonly BlockingCollection<RecordedEvent> _events = [];
    private int _attempts;
    private int _cancelled;

    public int FailFirst { get; set; }

    public Func<RecordedEvent, bool> Poison { get; set; } = _ => false;

    public volatile bool Repaired;

    public TaskCompletionSource? Hold { get; set; }

    public string? HoldOnly { get; set; }

    /// <summary>Whether what is held goes on being so when its token is cancelled.</summary>
    public bool HoldsWhateverHappens { get; set; }

    public int Attempts => _attempts;

    public int Cancelled => _cancelled;

    public int Count => _events.Count;

    public Activity? Activity { get; private set; }

    public ConcurrentQueue<(int Number, Guid? MessageId, Guid? ConversationId, Guid? PublishedId)> Notices { get; } = new();

    public async Task AddAsync(ConsumeContext context)
    {
        Activity = Activity.Current;
        if (Interlocked.Increment(ref _attempts) <= FailFirst)
            throw new InvalidOperationException("not yet");
        var e = context.Recorded();
        if (Poison(e))
            throw new InvalidOperationException("poison");
        if (Hold is { } hold && (HoldOnly is null || HoldOnly == e.StreamId))
        {
            try
            {
                await hold.Task.WaitAsync(HoldsWhateverHappens ? CancellationToken.None : context.CancellationToken);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _cancelled);
                throw;
            }
        }

        _events.Add(e);
    }

    public async Task<RecordedEvent> NextAsync()
    {
        RecordedEvent? e = null;
        await Eventually.UntilAsync(() => _events.TryTake(out e), "an event");
        return e!;
    }
}

internal sealed class ThingConsumer(Seen seen) : IConsumer<ThingHappened>
{
    public Task Consume(ConsumeContext<ThingHappened> context) => seen.AddAsync(context);
}

internal sealed class TalkingConsumer(ILogger<TalkingConsumer> logger) : IConsumer<ThingHappened>
{
    public Task Consume(ConsumeContext<ThingHappened> context)
    {
        logger.LogInformation("handled");
        return Task.CompletedTask;
    }
}

internal sealed class InterfaceConsumer(Seen seen) : IConsumer<IThing>
{
    public Task Consume(ConsumeContext<IThing> context) => seen.AddAsync(context);
}

internal sealed class EverythingConsumer(Seen seen) : IConsumer<RecordedEvent>
{
    public Task Consume(ConsumeContext<RecordedEvent> context)
    {
        context.Message.ShouldBeSameAs(context.Recorded());
        return seen.AddAsync(context);
    }
}

internal sealed class PublishingConsumer(Seen seen) : IConsumer<ThingHappened>
{
    public async Task Consume(ConsumeContext<ThingHappened> context)
    {
        await context.Publish(new Notice(context.Message.Number, context.MessageId!.Value), context.CancellationToken);
        await seen.AddAsync(context);
    }
}

internal sealed class NoticeConsumer(Seen seen) : IConsumer<Notice>
{
    public Task Consume(ConsumeContext<Notice> context)
    {
        seen.Notices.Enqueue((context.Message.Number, context.Message.Cause, context.ConversationId, context.MessageId));
        return Task.CompletedTask;
    }
}

public sealed record Notice(int Number, Guid Cause);
