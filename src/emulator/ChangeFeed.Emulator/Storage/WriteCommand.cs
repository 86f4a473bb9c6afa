using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Storage;

/// <summary>A change to be committed, alone or together with others. Run again from the start when its commit had to be undone.</summary>
internal abstract class WriteCommand
{
    /// <summary>Whether it needs a commit of its own, because it changes what others look up.</summary>
    public virtual bool Exclusive => false;

    public abstract void Run(WriteContext context);

    /// <summary>What it did is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <summary>A command whose result is awaited.</summary>
internal abstract class WriteCommand<T> : WriteCommand
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private CosmosErrorException? _refused;

    public Task<T> Task => _completion.Task;

    protected abstract T Execute(WriteContext context);

    public sealed override void Run(WriteContext context)
    {
        _refused = null;
        try
        {
            _result = Execute(context);
        }
        catch (CosmosErrorException error)
        {
            _refused = error;
        }
    }

    public sealed override void Complete()
    {
        if (_refused is null)
            _completion.SetResult(_result!);
        else
            _completion.SetException(_refused);
    }

    public sealed override void Fail(Exception exception) => _completion.TrySetException(exception);
}

/// <summary>A change to databases, containers or partitions.</summary>
internal sealed class MetadataCommand<T>(Func<WriteContext, T> execute) : WriteCommand<T>
{
    public override bool Exclusive => true;

    protected override T Execute(WriteContext context) => execute(context);
}
