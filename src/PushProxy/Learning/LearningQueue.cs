using System.Threading.Channels;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>Pages that wait to be analysed, at most so many: when more come the newcomer is dropped, and counted.</summary>
internal sealed class LearningQueue(LearningOptions options)
{
    private readonly Channel<LearnJob> _jobs = Channel.CreateBounded<LearnJob>(
        new BoundedChannelOptions(options.MaxQueuedPages) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<LearnJob> Jobs => _jobs.Reader;

    /// <returns>False when the queue is full; the job then still belongs to the caller.</returns>
    public bool TryAdd(LearnJob job) => _jobs.Writer.TryWrite(job);
}

/// <summary>A page to analyse. Whoever takes it disposes of the copy.</summary>
/// <param name="Page">Which page, and for whom.</param>
/// <param name="Copy">Its bytes as they passed.</param>
/// <param name="ContentHash">The hash of those.</param>
/// <param name="SkipIfNamed">
/// What is known of a page whose bytes always change and that was analysed a moment ago. While the copy still names all of it, the page is
/// not analysed again. Null: it is analysed in any case.
/// </param>
internal sealed record LearnJob(PageDescription Page, PageCopy Copy, UInt128 ContentHash, LearnedPage? SkipIfNamed = null);
