using PushProxy.Analysis;

namespace PushProxy.Knowledge.Traffic;

/// <summary>A resource whose worth for a page is told by traffic. Guarded by its page's lock.</summary>
/// <param name="resource">What it is.</param>
/// <param name="isFound">Whether the analysis found it: then it is delivered until traffic speaks against it.</param>
internal sealed class CountedResource(CriticalResource resource, bool isFound)
{
    /// <summary>At so many views both counts are halved, so that what is long past fades.</summary>
    public const int DecayAt = 256;

    public CriticalResource Resource { get; } = resource;

    /// <summary>Path and query, as a request for it carries them.</summary>
    public string Target { get; } = resource.Url.PathAndQuery;

    public bool IsFound { get; } = isFound;

    /// <summary>Whether it is delivered with the page.</summary>
    public bool IsDelivered { get; private set; } = isFound;

    /// <summary>Views, watched to their end, in which it was not delivered.</summary>
    public int Views { get; private set; }

    /// <summary>In how many of them it was asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>Views that began before this change of its page's verdict say nothing of it.</summary>
    public int ChangedAt { get; private set; }

    /// <summary>A rough count of the memory it takes, in bytes.</summary>
    public long Size => 512 + (12L * Target.Length);

    /// <summary>One more view in which it was not delivered.</summary>
    public void Count(bool asked)
    {
        Views++;
        Asked += asked ? 1 : 0;
        if (Views >= DecayAt)
        {
            (Views, Asked) = (Views / 2, Asked / 2);
        }
    }

    /// <summary>Whether it is to be delivered from now on, as it was counted.</summary>
    public bool Wants(LearningOptions options)
    {
        if (Views < options.TrafficViews)
        {
            return IsDelivered;
        }

        // What the analysis vouches for comes back as soon as it is not hopeless; what nothing but traffic speaks for must be sure.
        return IsDelivered || IsFound
            ? !IsHopeless(options)
            : Asked >= options.SharedBy && Asked * 100 >= Views * options.PromotePercent;
    }

    /// <summary>Whether hardly anybody asks for it.</summary>
    public bool IsHopeless(LearningOptions options) => Views >= options.TrafficViews && Asked * 100 <= Views * options.DemotePercent;

    /// <summary>
    /// It is delivered from now on, or no more. What was counted before it was delivered says nothing of what comes after.
    /// </summary>
    public void Change(bool isDelivered, int verdict)
    {
        (IsDelivered, ChangedAt) = (isDelivered, verdict);
        if (isDelivered)
        {
            (Views, Asked) = (0, 0);
        }
    }
}
