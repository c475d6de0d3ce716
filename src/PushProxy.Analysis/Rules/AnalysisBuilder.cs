using System.Text;
using AngleSharp.Dom;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>Collects what a page names, element by element, within the bounds of the options.</summary>
internal sealed class AnalysisBuilder(HttpUrl page, Encoding encoding, AnalysisOptions options)
{
    private const int MaxPolicyLength = 8192;

    private readonly List<CriticalResource> _resources = [];
    private readonly List<SkippedResource> _skipped = [];
    private readonly Dictionary<(string, ResourceKind), int> _seen = [];
    private readonly List<PreconnectOrigin> _preconnects = [];
    private readonly List<string> _policies = [];
    private string? _referrerPolicy;

    /// <summary>What URLs in the page are relative to, at the element that was added last.</summary>
    public PageBase Base { get; } = new(page, encoding, options.MaxUrlLength);

    /// <summary>Whether nothing more can be added.</summary>
    public bool IsFull => _resources.Count >= options.MaxResources && _skipped.Count >= options.MaxResources;

    /// <summary>Whether nothing more that is left out can be added.</summary>
    public bool IsFullOfSkipped => _skipped.Count >= options.MaxResources;

    /// <summary>What has been collected, in delivery order.</summary>
    public PageAnalysis Build() => new([.. _resources.OrderBy(resource => DeliveryWorth.RankOf(resource))], _skipped)
    {
        Preconnects = _preconnects,
        MetaPolicies = _policies,
        ReferrerPolicy = _referrerPolicy,
    };

    /// <summary>A base element: relative URLs of the elements that follow are relative to it.</summary>
    public void AddBase(IElement element) => Base.Add(element);

    /// <summary>A meta element; in the body a Content-Security-Policy has no effect (HTML §4.2.5.3).</summary>
    public void AddMeta(NamedElement meta)
    {
        _referrerPolicy = CommonAttributes.ReferrerPolicyOfMeta(meta.Element) ?? _referrerPolicy;
        if (!meta.InBody && _policies.Count < options.MaxPolicies
            && "content-security-policy".Equals(meta.Element.GetAttribute("http-equiv"), StringComparison.OrdinalIgnoreCase)
            && meta.Element.GetAttribute("content") is { Length: > 0 and <= MaxPolicyLength } policy)
        {
            _policies.Add(policy);
            Base.UpgradesInsecure |= page.Scheme == "https" && Upgrades(policy);
        }
    }

    /// <summary>A resource that an element names.</summary>
    public void Add(NamedResource candidate, IElement element)
    {
        var (url, otherScheme) = Base.Resolve(candidate.Attribute);
        if (SkipOf(candidate, url, otherScheme) is { } reason)
        {
            if (reason == AnalysisSkip.CrossOrigin)
            {
                Preconnect(url!, candidate.CrossOrigin);
            }

            if (candidate.BlocksWhenPreloaded && url is not null && _seen.TryGetValue((url.Href, candidate.Kind), out var preloaded))
            {
                _resources[preloaded] = WithWorth(_resources[preloaded] with { Blocking = true });
            }

            Skip(url?.Href ?? candidate.Attribute, reason);
            return;
        }

        Add(new CriticalResource
        {
            Url = url!.ToUri(),
            Kind = candidate.Kind,
            Blocking = candidate.Blocking,
            FoundBy = candidate.FoundBy,
            CrossOrigin = candidate.CrossOrigin,
            Media = candidate.Media,
            Integrity = CommonAttributes.IntegrityOf(element),
            FetchPriority = CommonAttributes.FetchPriorityOf(element),
            ReferrerPolicy = CommonAttributes.ReferrerPolicyOf(element),
            Type = candidate.Type,
            ImageSrcSet = candidate.ImageSrcSet,
            ImageSizes = candidate.ImageSizes,
        });
    }

    /// <summary>A resource of the page's own origin.</summary>
    /// <returns>Whether it is among the critical ones now; false for one that was before, or is over the limit.</returns>
    public bool Add(CriticalResource resource)
    {
        resource = WithWorth(resource);
        var href = resource.Url.OriginalString;
        if (_seen.TryGetValue((href, resource.Kind), out var at))
        {
            var earlier = _resources[at];

            // The page's own preload link is no more than a hint at what comes here.
            _resources[at] = IsPreload(earlier.FoundBy) && (!IsPreload(resource.FoundBy) || earlier.FoundBy == FoundBy.LinkField)
                ? resource
                : earlier with { Media = Media.MediaQueryList.Either(earlier.Media, resource.Media) };
            Skip(href, AnalysisSkip.Duplicate);
            return false;
        }

        if (_resources.Count >= options.MaxResources)
        {
            Skip(href, AnalysisSkip.OverLimit);
            return false;
        }

        _seen.Add((href, resource.Kind), _resources.Count);
        _resources.Add(resource);
        return true;
    }

    private static bool IsPreload(FoundBy found) => found is FoundBy.Preload or FoundBy.ModulePreload or FoundBy.LinkField;

    /// <summary>Whether a resource is among the critical ones.</summary>
    public bool Has(HttpUrl url, ResourceKind kind) => _seen.ContainsKey((url.Href, kind));

    /// <summary>What was left out elsewhere.</summary>
    public void AddSkipped(IEnumerable<SkippedResource> skipped)
    {
        foreach (var resource in skipped)
        {
            Skip(resource.Url, resource.Reason);
        }
    }

    /// <summary>An origin that is worth a connection.</summary>
    public void Preconnect(HttpUrl url, CrossOriginMode mode)
    {
        // A browser does not load it from there (Mixed Content §4).
        if (page.Scheme == "https" && url.Scheme == "http")
        {
            return;
        }

        var origin = new PreconnectOrigin(url.Origin, mode == CrossOriginMode.Anonymous ? mode : CrossOriginMode.None);
        if (_preconnects.Count < options.MaxPreconnects && !_preconnects.Contains(origin))
        {
            _preconnects.Add(origin);
        }
    }

    private static bool Upgrades(string policy) => policy.Split(';', StringSplitOptions.TrimEntries)
        .Contains("upgrade-insecure-requests", StringComparer.OrdinalIgnoreCase);

    private AnalysisSkip? SkipOf(NamedResource candidate, HttpUrl? url, bool otherScheme)
    {
        if (otherScheme)
        {
            return AnalysisSkip.NotHttp;
        }

        // "#" and the like name the page itself, which is neither a stylesheet nor a script.
        if (url is null || url.Href.Length > options.MaxUrlLength || url == page)
        {
            return AnalysisSkip.InvalidUrl;
        }

        return candidate.Skip ?? (url.SameOrigin(page) ? null : AnalysisSkip.CrossOrigin);
    }

    private static CriticalResource WithWorth(CriticalResource resource) => resource with { Worth = DeliveryWorth.Of(resource) };

    /// <summary>Adds what was left out before, for what the rest of the page is like.</summary>
    public void Promote(NamedResource candidate, IElement element)
    {
        if (Base.Resolve(candidate.Attribute).Url is { } url
            && _skipped.RemoveAll(skipped => skipped.Url == url.Href && skipped.Reason == candidate.Skip) > 0)
        {
            Add(candidate with { Skip = null, Blocking = false, FoundBy = FoundBy.AppScript }, element);
        }
    }

    /// <summary>Something that is left out.</summary>
    public void Skip(string url, AnalysisSkip reason)
    {
        if (_skipped.Count < options.MaxResources)
        {
            _skipped.Add(new(PrintableUrl.Of(url, options.MaxUrlLength), reason));
        }
    }
}
