using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Storage;

/// <summary>Something waiting for the writer thread. Run again from the start when its commit had to be undone.</summary>
abstract class WriteCommand
{
    /// <summary>Whether it needs a commit of its own, because it changes what others look up.</summary>
    public virtual bool Exclusive => false;

    public abstract void Run(WriteContext context);

    /// <summary>What it did is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <summary>A command whose result is awaited.</summary>
abstract class WriteCommand<T> : WriteCommand
{
    readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T? result;
    CosmosErrorException? refused;

    public Task<T> Task => completion.Task;

    protected abstract T Execute(WriteContext context);

    public sealed override void Run(WriteContext context)
    {
        refused = null;
        try
        {
            result = Execute(context);
        }
        catch (CosmosErrorException error)
        {
            refused = error;
        }
    }

    public sealed override void Complete()
    {
        if (refused is null)
            completion.SetResult(result!);
        else
            completion.SetException(refused);
    }

    public sealed override void Fail(Exception exception) => completion.TrySetException(exception);
}

/// <summary>A change to databases, containers or partitions.</summary>
sealed class MetadataCommand<T>(Func<WriteContext, T> execute) : WriteCommand<T>
{
    public override bool Exclusive => true;

    protected override T Execute(WriteContext context) => execute(context);
}
