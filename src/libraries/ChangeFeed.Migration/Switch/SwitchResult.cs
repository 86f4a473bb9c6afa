namespace ChangeFeed.Migration.Switch;

/// <summary>What a switch did.</summary>
/// <param name="Serving">The container that serves now.</param>
/// <param name="Epoch">The epoch that began.</param>
/// <param name="Downtime">From the moment the old epoch ended until the new one began: what a caller may have waited at most, and one look more.</param>
/// <param name="Waiting">Of that, waiting for members to come to an end.</param>
/// <param name="Draining">Of that, carrying what was still to be carried.</param>
/// <param name="Members">Processes that were in the directory.</param>
/// <param name="Silent">Of those, processes that said nothing and whose grants were waited out.</param>
public sealed record SwitchResult(
    ContainerLocation Serving, long Epoch, TimeSpan Downtime, TimeSpan Waiting, TimeSpan Draining, int Members, int Silent);
