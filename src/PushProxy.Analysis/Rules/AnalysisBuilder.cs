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
    private readonly PageBase _base = new(page, encoding, options.MaxUrlLength);

    /// <summary>Whether nothing more can be added.</summary>
    public bool IsFull => _resources.Count >= options.MaxResources && _skipped.Count >= options.MaxResources;

    /// <summary>What has been collected, in delivery order.</summary>
    public PageAnalysis Build() => new([.. _resources.OrderBy(resource => resource.Kind == ResourceKind.Style ? 0 : 1)], _skipped)
    {
        Preconnects = _preconnects,
        MetaPolicies = _policies,
    };

    /// <summary>A base element: relative URLs of the elements that follow are relative to it.</summary>
    public void AddBase(IElement element) => _base.Add(element);

    /// <summary>A meta element; in the body a policy has no effect (HTML §4.2.5.3).</summary>
    public void AddMeta(NamedElement meta)
    {
        if (!meta.InBody && _policies.Count < options.MaxPolicies
            && "content-security-policy".Equals(meta.Element.GetAttribute("http-equiv"), StringComparison.OrdinalIgnoreCase)
            && meta.Element.GetAttribute("content") is { Length: > 0 and <= MaxPolicyLength } policy)
        {
            _policies.Add(policy);
        }
    }

    /// <summary>A link or a script.</summary>
    public void Add(Candidate candidate, IElement element)
    {
        var (url, otherScheme) = _base.Resolve(candidate.Attribute);
        if (SkipOf(candidate, url, otherScheme) is { } reason)
        {
            if (reason == AnalysisSkip.CrossOrigin)
            {
                Preconnect(url!, candidate.CrossOrigin);
            }

            Skip(url?.Href ?? candidate.Attribute, reason);
            return;
        }

        if (_seen.TryGetValue((url!.Href, candidate.Kind), out var earlier))
        {
            _resources[earlier] = _resources[earlier] with { Media = Media.MediaQueryList.Either(_resources[earlier].Media, candidate.Media) };
            Skip(url.Href, AnalysisSkip.Duplicate);
            return;
        }

        if (_resources.Count >= options.MaxResources)
        {
            Skip(url.Href, AnalysisSkip.OverLimit);
            return;
        }

        _seen.Add((url.Href, candidate.Kind), _resources.Count);
        _resources.Add(new CriticalResource
        {
            Url = url.ToUri(),
            Kind = candidate.Kind,
            Blocking = true,
            FoundBy = candidate.FoundBy,
            CrossOrigin = candidate.CrossOrigin,
            Media = candidate.Media,
            Integrity = CommonAttributes.IntegrityOf(element),
            FetchPriority = CommonAttributes.FetchPriorityOf(element),
        });
    }

    private AnalysisSkip? SkipOf(Candidate candidate, HttpUrl? url, bool otherScheme)
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

    private void Preconnect(HttpUrl url, CrossOriginMode mode)
    {
        var origin = new PreconnectOrigin(url.Origin, mode == CrossOriginMode.Anonymous ? mode : CrossOriginMode.None);
        if (_preconnects.Count < options.MaxPreconnects && !_preconnects.Contains(origin))
        {
            _preconnects.Add(origin);
        }
    }

    private void Skip(string url, AnalysisSkip reason)
    {
        if (_skipped.Count < options.MaxResources)
        {
            _skipped.Add(new(PrintableUrl.Of(url, options.MaxUrlLength), reason));
        }
    }
}
