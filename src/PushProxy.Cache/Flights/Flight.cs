using PushProxy.Cache.Rules;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Flights;

/// <summary>
/// One request to the origin, and those who wait for its answer. The head decides: if it may be stored, everybody who was chosen by the
/// same request fields gets the body as it comes. If not, everybody asks the origin for himself, at once.
/// </summary>
internal sealed class Flight
{
    private readonly TaskCompletionSource<Answer> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>What is known once the head has come.</summary>
    public Task<Answer> Head => _head.Task;

    /// <summary>How many others want the answer.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Called when the last of those who wait has gone.</summary>
    public Action? Left { get; set; }

    public void Wait() => Interlocked.Increment(ref _waiting);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _waiting) == 0)
        {
            Left?.Invoke();
        }
    }

    /// <summary>The answer is shared as it comes.</summary>
    public void Share(StoredHead head, Selection selection, SharedBody body, long? length) =>
        _head.TrySetResult(new Answer(head, selection, body, length, null));

    /// <summary>What is stored is the answer.</summary>
    public void Share(StoredResponse stored) => _head.TrySetResult(new Answer(stored.Head, stored.Selection, null, null, stored));

    /// <summary>The answer is for one client alone, or there is none.</summary>
    public void Release() => _head.TrySetResult(default);

    /// <param name="Head">The head; null if the answer is not shared.</param>
    /// <param name="Selection">Which requests it is for.</param>
    /// <param name="Body">The body as it comes; null if it is stored already.</param>
    /// <param name="Length">The length of the body that the response states.</param>
    /// <param name="Stored">The stored response, if it is that.</param>
    public readonly record struct Answer(StoredHead? Head, Selection? Selection, SharedBody? Body, long? Length, StoredResponse? Stored);
}
