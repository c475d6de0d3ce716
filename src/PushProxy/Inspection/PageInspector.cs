using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Inspection;

/// <summary>Says what a proxy would deliver for one given page. It uses the same code as the proxy.</summary>
/// <param name="options">The policy (<see cref="PushProxyOptions.Defaults"/>) and the limits.</param>
internal sealed class PageInspector(PushProxyOptions options)
{
    private readonly PageAnalyzer _analyzer = new(
        new AnalysisOptions { MaxTime = options.Learning.MaxAnalysisTime, MaxMemory = options.Learning.MaxAnalysisBytes });

    /// <summary>The maximum number of bytes read of a page.</summary>
    public int MaxPageBytes => options.Learning.MaxPageBytes;

    /// <summary>Analyses a page and the stylesheets it names, and plans the delivery.</summary>
    /// <param name="body">
    /// The body as received, with the content coding in <paramref name="contentEncoding"/>. A body of <see cref="MaxPageBytes"/> may be
    /// only the beginning of the page, and is read as far as it goes.
    /// </param>
    /// <param name="page">The page's URL, http or https.</param>
    /// <param name="contentType">The Content-Type field, which may name the charset; null if the response has none.</param>
    /// <param name="contentEncoding">The Content-Encoding field; null if the response has none.</param>
    /// <param name="link">The origin's own Link fields.</param>
    /// <param name="stylesheets">Fetches the stylesheets.</param>
    /// <param name="client">The screen that displays the page.</param>
    /// <param name="cancellation">Cancels the analysis.</param>
    /// <returns>The result; null if the content coding is unknown or the body is not in that coding.</returns>
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

        var charset = contentType is null ? null : HtmlType.Charset(contentType);
        var analysis = await _analyzer.AnalyzeAsync(html, page, charset, stylesheets, client, cancellation: cancellation);
        var plan = DeliveryPlanner.Plan(analysis, options.Defaults, static _ => ResourceSkip.None, OriginLinks.Preloaded(link, page));

        // Whether a resource fits into a Link field does not depend on the page. A resource that does not fit is pushed to a client that
        // takes pushes.
        bool IsNeeded(PlannedResource r) => r.Skip is ResourceSkip.None or ResourceSkip.TextDoesNotWait
            || (r.Skip == ResourceSkip.OverLinkLimit && options.Defaults.MaxLinkBytes > 0);
        return new InspectedPage(
            page,
            [.. plan.Resources.Where(r => r.Resource is not null && IsNeeded(r)).Select(r => Describe(r.Resource!))],
            [.. plan.Resources.Where(r => !IsNeeded(r)).Select(r => new InspectedSkip(r.Url, r.Reason))])
        {
            Unread = [.. analysis.Unread.Select(u => u.AbsoluteUri)],
            Answer = new InspectedAnswer(new HeaderDictionary(), html),
        };
    }

    private static InspectedResource Describe(CriticalResource resource) => new(
        resource.Url.AbsoluteUri, PreloadLink.As(resource.Kind), resource.Blocking, PreloadLink.CrossOrigin(resource),
        resource.FoundBy.Name());
}

/// <summary>What a proxy would deliver for one page, and what not.</summary>
/// <param name="Page">The page's URL.</param>
/// <param name="Resources">
/// The resources that would be delivered, in delivery order. The limit of the Link field decides how many of them it names.
/// </param>
/// <param name="Skipped">The other resources that the page names, each with the reason why it would not be delivered.</param>
internal sealed record InspectedPage(Uri Page, IReadOnlyList<InspectedResource> Resources, IReadOnlyList<InspectedSkip> Skipped)
{
    /// <summary>The stylesheets that could not be fetched. What they name is not known.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>The answer itself.</summary>
    public InspectedAnswer Answer { get; init; }
}

/// <summary>A resource that would be delivered.</summary>
/// <param name="Url">The absolute URL.</param>
/// <param name="As">The value of <c>as</c> in the preload link.</param>
/// <param name="Blocking">Whether the resource is render-blocking: nothing is displayed before it is loaded.</param>
/// <param name="CrossOrigin">The CORS mode: <c>anonymous</c>, <c>use-credentials</c>, or null if it is not fetched with CORS.</param>
/// <param name="Reason">Where the analysis found it.</param>
internal sealed record InspectedResource(string Url, string As, bool Blocking, string? CrossOrigin, string Reason);

/// <summary>A resource that would not be delivered.</summary>
/// <param name="Url">The absolute URL, or the text in the page if it could not be resolved.</param>
/// <param name="Reason">The reason, as headers and logs write it.</param>
internal sealed record InspectedSkip(string Url, string Reason);
