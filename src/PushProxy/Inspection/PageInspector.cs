using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Learning;

namespace PushProxy.Inspection;

/// <summary>Answers for one page at hand what a proxy would deliver for it, by the very code a proxy uses.</summary>
/// <param name="options">Policy (<see cref="PushProxyOptions.Defaults"/>) and bounds.</param>
public sealed class PageInspector(PushProxyOptions options)
{
    private readonly PageAnalyzer _analyzer = new();

    /// <summary>The most of a page that is read, in bytes.</summary>
    public int MaxPageBytes => options.Learning.MaxPageBytes;

    /// <summary>Analyses a page and the stylesheets it names, and plans its delivery.</summary>
    /// <param name="body">
    /// The body as received, coded as <paramref name="contentEncoding"/> says. One of <see cref="MaxPageBytes"/> may be a beginning,
    /// and is read as far as it goes.
    /// </param>
    /// <param name="page">The page's URL; http or https.</param>
    /// <param name="contentType">The Content-Type field; its charset is used. Null: none.</param>
    /// <param name="contentEncoding">The Content-Encoding field; null: none.</param>
    /// <param name="link">The origin's own Link fields.</param>
    /// <param name="stylesheets">Where stylesheets are to be had.</param>
    /// <param name="client">The screen it is displayed on.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Null when the content coding is unknown, or the body is not of that coding.</returns>
    public async ValueTask<InspectedPage?> InspectAsync(
        ReadOnlyMemory<byte> body,
        Uri page,
        string? contentType,
        string? contentEncoding,
        StringValues link,
        ISubresourceSource stylesheets,
        ClientProfile client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (ContentDecoder.Parse(contentEncoding ?? StringValues.Empty) is not { } coding)
        {
            return null;
        }

        var html = ContentDecoder.Decode(body, coding, options.Learning.MaxPageBytes, out var broken);
        if (broken && body.Length < MaxPageBytes)
        {
            return null;
        }

        var charset = contentType is null ? null : Forwarding.HtmlType.Charset(contentType);
        var analysis = await _analyzer.AnalyzeAsync(html, page, charset, stylesheets, client, cancellation);
        var plan = DeliveryPlanner.Plan(analysis, options.Defaults, static _ => SkipReason.None, OriginLinks.Preloaded(link, page));

        // How much fits into a Link field is no matter of the page: what does not is pushed to a client that takes pushes.
        bool IsNeeded(PlannedResource r) => r.Skip is SkipReason.None or SkipReason.TextDoesNotWait || (r.Skip == SkipReason.OverLinkLimit && options.Defaults.MaxLinkBytes > 0);
        return new InspectedPage(
            page,
            [.. plan.Resources.Where(r => r.Resource is not null && IsNeeded(r)).Select(r => Describe(r.Resource!))],
            [.. plan.Resources.Where(r => !IsNeeded(r)).Select(r => new InspectedSkip(r.Url, r.Skip.Name()))])
        {
            Unread = [.. analysis.Unread.Select(u => u.AbsoluteUri)],
        };
    }

    private static InspectedResource Describe(CriticalResource resource) => new(
        resource.Url.AbsoluteUri, PreloadLink.As(resource.Kind), resource.Blocking, PreloadLink.CrossOrigin(resource), resource.FoundBy.Name());
}

/// <summary>What a proxy would do for one page.</summary>
/// <param name="Page">The page's URL.</param>
/// <param name="Resources">What would be delivered, in that order; how much of it in one Link field depends on its limit.</param>
/// <param name="Skipped">What else the page names, and why it would not.</param>
public sealed record InspectedPage(Uri Page, IReadOnlyList<InspectedResource> Resources, IReadOnlyList<InspectedSkip> Skipped)
{
    /// <summary>Stylesheets that were not to be had, so that what they name is not known.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}

/// <summary>A resource that would be delivered.</summary>
/// <param name="Url">Absolute.</param>
/// <param name="As">The preload link's <c>as</c>.</param>
/// <param name="Blocking">Whether nothing is displayed before it is there.</param>
/// <param name="CrossOrigin"><c>anonymous</c>, <c>use-credentials</c>, or null.</param>
/// <param name="Reason">Where it was found.</param>
public sealed record InspectedResource(string Url, string As, bool Blocking, string? CrossOrigin, string Reason);

/// <summary>A resource that would not be delivered.</summary>
/// <param name="Url">Absolute where it could be resolved.</param>
/// <param name="Reason">A <see cref="SkipReason"/> as it is written in headers and logs.</param>
public sealed record InspectedSkip(string Url, string Reason);
