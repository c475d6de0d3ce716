using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Rules;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Flights;

/// <summary>
/// One request to the origin, and those who wait for its answer. The head decides: if it may be stored, everybody who was chosen by the
/// same request fields gets the body as it comes. If not, everybody asks the origin for himself, at once.
/// </summary>
/// <param name="purges">What <see cref="ResponseStore.Purges"/> was before the origin was asked.</param>
internal sealed class Flight(long purges = 0)
{
    private readonly TaskCompletionSource<Answer> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;
    private bool _isOver;

    /// <summary>What is known once the head has come.</summary>
    public Task<Answer> Head => _head.Task;

    /// <summary>What <see cref="ResponseStore.Purges"/> was before the origin was asked.</summary>
    public long Purges => purges;

    /// <summary>How many others want the answer.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether the origin has no more to say. A client may still read slowly.</summary>
    public bool HasEnded => Head.IsCompletedSuccessfully && Head.Result.Body is not { HasEnded: false };

    /// <summary>
    /// Whether what it brought is stored, or will not be. A client may still read it, but for who comes now the store has the last word:
    /// the origin may have taken back there what it said here.
    /// </summary>
    public bool IsOver
    {
        get => Volatile.Read(ref _isOver);
        set => Volatile.Write(ref _isOver, value);
    }

    /// <summary>Called when the last of those who wait has gone.</summary>
    public Action? Left { get; set; }

    /// <summary>
    /// Returns whether a request may wait for this one. Its head may have come long ago, as long as a client reads slowly, and what has a
    /// head already is like what is stored: it must be fresh.
    /// </summary>
    public bool IsOpenTo(in RequestDirectives directives, DateTimeOffset now, TimeSpan reloadPause) =>
        !Head.IsCompleted || Head.Result is not { Head: { } head } answer
        || (!IsOver && answer.Body is not { IsBroken: true } && !head.Directives.NoCache && head.AgeAt(now) < head.Lifetime.Span
            && !Wishes.AreAgainst(head, directives, now, reloadPause));

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
    public readonly record struct Answer(StoredHead? Head, Selection? Selection, SharedBody? Body, long? Length, StoredResponse? Stored)
    {
        /// <summary>The length of the body as far as it is known by now. A 204 says nothing of it (RFC 9110 §8.6).</summary>
        public long? LengthNow => Length
            ?? (Body is { HasEnded: true, IsBroken: false } && Head!.Status != StatusCodes.Status204NoContent ? Body.Length : null);
    }
}
