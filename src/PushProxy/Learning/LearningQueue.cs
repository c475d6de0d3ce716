using System.Threading.Channels;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Holds the pages that wait for analysis, up to a maximum. A page that comes when the queue is full is dropped and counted.
/// </summary>
internal sealed class LearningQueue(LearningOptions options)
{
    private readonly Channel<LearnJob> _jobs = Channel.CreateBounded<LearnJob>(
        new BoundedChannelOptions(options.MaxQueuedPages) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<LearnJob> Jobs => _jobs.Reader;

    /// <returns>False if the queue is full. The job then still belongs to the caller.</returns>
    public bool TryAdd(LearnJob job) => _jobs.Writer.TryWrite(job);
}

/// <summary>A page to analyse. Whoever takes the job disposes the copy.</summary>
/// <param name="Page">The page, and for whom it is made.</param>
/// <param name="Copy">The page's bytes as they passed.</param>
/// <param name="ContentHash">The hash of those bytes.</param>
/// <param name="SkipIfNamed">
/// What is known about a page whose bytes always change and that was analysed a moment ago. While the copy still names all of it, the page
/// is not analysed again. If it is null, the page is analysed in any case.
/// </param>
internal sealed record LearnJob(PageDescription Page, PageCopy Copy, UInt128 ContentHash, LearnedPage? SkipIfNamed = null);
