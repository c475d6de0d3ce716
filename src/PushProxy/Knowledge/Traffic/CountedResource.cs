using PushProxy.Analysis;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge.Traffic;

/// <summary>A resource whose value for a page is judged by traffic. Guarded by its page's lock.</summary>
/// <param name="resource">The resource.</param>
/// <param name="isFound">Whether the analysis found the resource. If so, it is delivered until traffic shows otherwise.</param>
/// <param name="enough">The number of networks at which it does not matter any more from how many the requests come.</param>
internal sealed class CountedResource(CriticalResource resource, bool isFound, int enough = 1)
{
    /// <summary>The number of views at which both counts are halved, so that old views lose weight.</summary>
    public const int DecayAt = 256;

    private readonly AddressSet _networks = new(enough);
    private readonly AddressSet _viewers = new(enough);

    public CriticalResource Resource { get; } = resource;

    /// <summary>The path and query, as a request for the resource carries them.</summary>
    public string Target { get; } = resource.Url.PathAndQuery;

    public bool IsFound { get; } = isFound;

    /// <summary>Whether the resource is delivered with the page.</summary>
    public bool IsDelivered { get; private set; } = isFound;

    /// <summary>The number of views that were watched to their end and in which the resource was not delivered.</summary>
    public int Views { get; private set; }

    /// <summary>The number of those views in which the resource was requested.</summary>
    public int Asked { get; private set; }

    /// <summary>
    /// The verdict of the page that last changed this resource. Views that began before it do not count for the resource.
    /// </summary>
    public int ChangedAt { get; private set; }

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => 512 + (12L * Target.Length) + _networks.Size + _viewers.Size;

    /// <summary>Returns the counts, to be kept.</summary>
    public SavedCandidate Save() =>
        new(Target, IsDelivered, Views, Asked, _networks.Save(), _viewers.Save(), IsFound ? null : Resource);

    /// <summary>Takes over counts that were kept.</summary>
    public void Restore(SavedCandidate saved)
    {
        (IsDelivered, Views, Asked) = (saved.IsDelivered, Math.Clamp(saved.Views, 0, DecayAt - 1), Math.Clamp(saved.Asked, 0, DecayAt - 1));
        _networks.Add(saved.Networks);
        _viewers.Add(saved.Viewers);
    }

    /// <summary>Counts one more view in which the resource was not delivered.</summary>
    /// <param name="asked">Whether the client requested the resource.</param>
    /// <param name="network">Where the client is (<see cref="ClientAddress.Network"/>).</param>
    public void Count(bool asked, ulong network = 0)
    {
        Views++;
        _viewers.Add(network);
        if (asked)
        {
            Asked++;
            _networks.Add(network);
        }

        if (Views >= DecayAt)
        {
            (Views, Asked) = (Views / 2, Asked / 2);
            _networks.Fade();
            _viewers.Fade();
        }
    }

    /// <summary>Returns whether the counts say to deliver the resource from now on.</summary>
    public bool Wants(LearningOptions options)
    {
        if (Views < options.TrafficViews)
        {
            return IsDelivered;
        }

        // A resource that the analysis found returns as soon as enough views request it. A resource that only traffic supports must reach
        // the higher threshold, and clients of many networks must have requested it: one client can make any number of views.
        return IsDelivered || IsFound
            ? !IsHopeless(options)
            : _networks.Count >= options.TrafficAddresses && Asked >= options.SharedBy && Asked * 100 >= Views * options.PromotePercent;
    }

    /// <summary>
    /// Returns whether hardly any view requests the resource. What is delivered must be missing in the views of many networks: one client
    /// can make any number of views.
    /// </summary>
    public bool IsHopeless(LearningOptions options) => Views >= options.TrafficViews && Asked * 100 <= Views * options.DemotePercent
        && (!IsDelivered || _viewers.Count >= options.TrafficAddresses);

    /// <summary>Starts or stops delivering the resource. Counts from before it was delivered say nothing about views after that.</summary>
    public void Change(bool isDelivered, int verdict)
    {
        (IsDelivered, ChangedAt) = (isDelivered, verdict);
        if (isDelivered)
        {
            (Views, Asked) = (0, 0);
            _networks.Clear();
            _viewers.Clear();
        }
    }
}
