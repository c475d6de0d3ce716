using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>Counts what clients were told in advance and did not need, and lets what was known answer for it.</summary>
internal sealed class WrongDeliveries(PageStore store, PushProxyMetrics metrics)
{
    /// <summary>Counts wrong deliveries.</summary>
    /// <param name="page">The page that the client asked for.</param>
    /// <param name="told">What it was told of, and its page did not name.</param>
    public void Note(PageKey page, IEnumerable<ToldResource> told)
    {
        foreach (var wrong in told.GroupBy(static t => t.Channel))
        {
            var count = wrong.Count();
            metrics.Wrong(wrong.Key, count);
            store.NoteWrong(page, count);
        }
    }

    /// <summary>Notes that an answer lacked what clients are told in advance.</summary>
    /// <param name="knowledge">What was known when it was asked for.</param>
    /// <param name="names">What it lacked; empty if it was no page.</param>
    /// <param name="address">The address of its client.</param>
    public void Surprise(PageKnowledge knowledge, IReadOnlyCollection<UInt128> names, ulong address)
    {
        if (knowledge.Guesses is { } guesses)
        {
            guesses.Note(isSurprise: true, address);
        }
        else if (knowledge.Page is { } page)
        {
            store.Counts.Lacked(page, names, address);
        }
    }
}
