using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;
using PushProxy.Proof;

namespace PushProxy.Knowledge.Sharing;

/// <summary>
/// Tells other instances of the page views that were measured here, and counts theirs, so that each of them comes to the verdict of all.
/// </summary>
internal sealed class SharedViews
{
    /// <summary>How many views may wait. More than this says nothing more.</summary>
    private const int MaxWaiting = 4096;

    /// <summary>How many views one record has.</summary>
    private const int MaxAtOnce = 256;

    private readonly ConcurrentQueue<SavedView> _waiting = new();
    private readonly ProofBook _book;

    public SharedViews(ProofBook book)
    {
        _book = book;
        book.Added += Note;
    }

    /// <summary>Whether there is something to tell.</summary>
    public bool Any => !_waiting.IsEmpty;

    /// <summary>Takes what is to be told.</summary>
    public IReadOnlyList<SavedView>? Take()
    {
        List<SavedView>? taken = null;
        while ((taken?.Count ?? 0) < MaxAtOnce && _waiting.TryDequeue(out var one))
        {
            (taken ??= []).Add(one);
        }

        return taken;
    }

    /// <summary>Counts a view of another instance. What makes no sense is not counted.</summary>
    public void Count(SavedView view)
    {
        if (Enum.IsDefined(view.Arm) && Enum.IsDefined(view.Measure) && double.IsFinite(view.Milliseconds) && IsProtocol(view.Protocol)
            && view.Channel is { } channel && (channel.Length == 0 || EnumWords.Parse<DeliveryChannel>(channel) is not null))
        {
            var group = new ViewGroup(view.Arm, view.Visitor, Page: "", view.Protocol, channel, view.IsFirst);
            _book.Take(group, view.Measure, view.Milliseconds);
        }
    }

    private static bool IsProtocol(string? protocol) => protocol is not null
        && (HttpProtocol.IsHttp2(protocol) || HttpProtocol.IsHttp11(protocol) || HttpProtocol.IsHttp3(protocol)
            || HttpProtocol.IsHttp10(protocol));

    private void Note(ViewGroup view, ProofMeasure measure, double milliseconds)
    {
        if (_waiting.Count < MaxWaiting)
        {
            _waiting.Enqueue(new(view.Arm, view.Visitor, view.Protocol, view.Channel, view.IsFirst, measure, Math.Round(milliseconds, 1)));
        }
    }
}
