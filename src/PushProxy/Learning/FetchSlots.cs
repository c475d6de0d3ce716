namespace PushProxy.Learning;

/// <summary>
/// Limits how many resources are fetched at the same time, in all and from one host. So an origin is not flooded, and a slow one does not
/// hold up what is fetched from others. Safe for use by many threads at once.
/// </summary>
internal sealed class FetchSlots(LearningOptions options)
{
    private readonly Lock _lock = new();
    private readonly Shares _shares = new(options.MaxConcurrentFetches, options.MaxConcurrentFetchesPerHost);
    private readonly LinkedList<(Party Party, TaskCompletionSource Entered)> _waiting = new();

    /// <summary>Waits for a place. Whoever gets one calls <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">Cancelled. The caller has no place.</exception>
    public async ValueTask EnterAsync(Party party, CancellationToken cancellation)
    {
        LinkedListNode<(Party, TaskCompletionSource Entered)> node;
        lock (_lock)
        {
            if (_shares.TryEnter(party))
            {
                return;
            }

            node = _waiting.AddLast((party, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await node.Value.Entered.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Withdraw(node);
            throw;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(Party party)
    {
        lock (_lock)
        {
            _shares.Leave(party);
            for (var node = _waiting.First; node is not null;)
            {
                var next = node.Next;
                if (_shares.TryEnter(node.Value.Party))
                {
                    _waiting.Remove(node);
                    node.Value.Entered.SetResult();
                }

                node = next;
            }
        }
    }

    private void Withdraw(LinkedListNode<(Party Party, TaskCompletionSource Entered)> node)
    {
        lock (_lock)
        {
            if (node.List is not null)
            {
                _waiting.Remove(node);
                return;
            }
        }

        // The place came in the same moment.
        Leave(node.Value.Party);
    }
}
