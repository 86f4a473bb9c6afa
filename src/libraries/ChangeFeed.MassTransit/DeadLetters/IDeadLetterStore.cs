namespace ChangeFeed.MassTransit.DeadLetters;

/// <summary>What came of adding a letter.</summary>
internal enum AddLetterResult
{
    /// <summary>The letter and the state of its stream are written.</summary>
    Added,

    /// <summary>There is a letter of this stream and version; nothing was written.</summary>
    AlreadyThere,

    /// <summary>Another writer changed the state of the stream; nothing was written.</summary>
    StreamChanged,
}

/// <summary>The dead letters of one endpoint. Every change is conditional on what was read before.</summary>
internal interface IDeadLetterStore
{
    Task<ParkedStream?> ReadStreamAsync(string stream, CancellationToken cancellationToken);

    Task<DeadLetter?> ReadLetterAsync(string stream, long version, CancellationToken cancellationToken);

    Task<DeadLetterRequest?> ReadRequestAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds a letter and, in the same transaction, writes the state of its stream where one is given.</summary>
    Task<AddLetterResult> AddLetterAsync(DeadLetter letter, ParkedStream? stream, CancellationToken cancellationToken);

    /// <summary>Replaces a letter and writes the state of its stream in one transaction, if both still are as they were read.</summary>
    Task<bool> TryReplaceAsync(DeadLetter letter, ParkedStream stream, CancellationToken cancellationToken);

    /// <summary>Replaces a document if it still is as it was read.</summary>
    Task<bool> TryReplaceAsync(DeadLetterDocument document, CancellationToken cancellationToken);

    /// <summary>Letters of a stream that wait, by version.</summary>
    Task<IReadOnlyList<DeadLetter>> WaitingAsync(string stream, CancellationToken cancellationToken);

    /// <summary>Ids of the streams that are parked.</summary>
    Task<IReadOnlyList<string>> ParkedStreamsAsync(CancellationToken cancellationToken);

    /// <summary>Requests that are not finished.</summary>
    Task<IReadOnlyList<DeadLetterRequest>> OpenRequestsAsync(CancellationToken cancellationToken);
}
