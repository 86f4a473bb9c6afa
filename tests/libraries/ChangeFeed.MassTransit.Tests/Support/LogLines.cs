using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Support;

/// <summary>Keeps what was logged.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception, string? Scope)> Lines { get; } = new();

    private readonly AsyncLocal<string?> _scope = new();

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        var outer = _scope.Value;
        _scope.Value = $"{outer} {state}".Trim();
        return new Ending(() => _scope.Value = outer);
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception), exception, _scope.Value));

    public void Dispose()
    {
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
