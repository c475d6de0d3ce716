using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Fonts;
using PushProxy.Analysis.Images;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>
/// Puts what the display on one or two screens needs among the resources of a page. What both need is needed everywhere; what one
/// needs, on screens on its side of the usual border between telephones and the rest.
/// </summary>
/// <param name="builder">Where the resources go.</param>
/// <param name="page">The page's URL.</param>
/// <param name="options">Bounds.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class ScreenResources(AnalysisBuilder builder, HttpUrl page, AnalysisOptions options, AnalysisBudget budget)
{
    // What one font or image costs here, in steps.
    private const int StepsPerItem = 30;

    // Of the fonts in use, so many times the number of resources are looked at: several may have one URL.
    private const int MostFonts = 4;

    private const string Wide = "(min-width: 768px)";
    private const string Narrow = "(max-width: 767.98px)";

    // The share of the screen that makes a background worth an early delivery.
    private const double BackgroundShare = 0.25;

    /// <summary>Adds what the screens need.</summary>
    public void Add(IReadOnlyList<ScreenNeeds> screens)
    {
        AddFonts(screens);
        AddHero(screens);
        AddBackgrounds(screens);
        AddSkippedImages(screens);
    }

    private void AddFonts(IReadOnlyList<ScreenNeeds> screens)
    {
        var added = 0;
        foreach (var (font, media) in Merge(
            screens, screen => MayAdd(screen.Fonts).Select(Found).DistinctBy(found => found.Key), found => found.Key))
        {
            if (font.Url is not { } url)
            {
                builder.Skip(font.Source.Url, font.OtherScheme ? AnalysisSkip.NotHttp : AnalysisSkip.InvalidUrl);
            }
            else if (!url.SameOrigin(page))
            {
                builder.Preconnect(url, CrossOriginMode.Anonymous);
                builder.Skip(url.Href, AnalysisSkip.CrossOrigin);
            }
            else if (font.Source.IsAfterLocal)
            {
                // Who has it would load it in vain.
                builder.Skip(url.Href, AnalysisSkip.MayBeInstalled);
            }
            else if (++added > options.MaxFonts)
            {
                builder.Skip(url.Href, AnalysisSkip.OverLimit);
            }
            else
            {
                // A font is always fetched with CORS and without credentials (CSS Fonts 4 §4.8.1).
                builder.Add(new CriticalResource
                {
                    Url = url.ToUri(),
                    Kind = ResourceKind.Font,
                    Blocking = false,
                    FoundBy = FoundBy.StylesheetFont,
                    CrossOrigin = CrossOriginMode.Anonymous,
                    Media = media,
                    Type = font.Source.Type,
                    ShowsFallback = font.ShowsFallback,
                });
            }
        }

        SkipFonts(screens);
    }

    private void SkipFonts(IReadOnlyList<ScreenNeeds> screens)
    {
        var used = screens.SelectMany(screen => screen.Fonts).ToHashSet(ReferenceEqualityComparer.Instance);
        var urls = screens.SelectMany(screen => MayAdd(screen.Fonts)).Select(font => Found(font).Key).ToHashSet();
        foreach (var face in screens[0].Families.All)
        {
            if (builder.IsFullOfSkipped)
            {
                return;
            }

            foreach (var source in used.Contains(face) ? face.Sources.Skip(1) : face.Sources.Take(1))
            {
                if (!budget.Spend(AnalysisCost.Fonts, StepsPerItem + source.Url.Length))
                {
                    return;
                }

                if (face.Sheet.Base.Resolve(source.Url).Url is { } url && urls.Add(url.Href))
                {
                    builder.Skip(url.Href, used.Contains(face) ? AnalysisSkip.OtherSource : AnalysisSkip.UnusedFont);
                }
            }
        }
    }

    private IEnumerable<FontFace> MayAdd(IEnumerable<FontFace> fonts) => fonts.Take(options.MaxResources * MostFonts)
        .TakeWhile(font => budget.Spend(AnalysisCost.Fonts, StepsPerItem + font.Sources[0].Url.Length));

    private static FoundFont Found(FontFace face)
    {
        var (url, otherScheme) = face.Sheet.Base.Resolve(face.Sources[0].Url);
        return new(face.Sources[0], url, otherScheme, face.ShowsFallback);
    }

    private void AddHero(IReadOnlyList<ScreenNeeds> screens)
    {
        foreach (var (hero, media) in Merge<ScreenImage>(
            screens, screen => screen.Hero is { } image ? [image] : [], image => image.Url?.Href ?? image.Choice.Url))
        {
            Add(hero, FoundBy.HeroImage, media);
        }
    }

    private void AddBackgrounds(IReadOnlyList<ScreenNeeds> screens)
    {
        var backgrounds = Merge(screens, Backgrounds, image => image.Url!.Href);
        foreach (var (image, media) in backgrounds.Take(options.MaxBackgrounds))
        {
            Add(image, FoundBy.BackgroundImage, media);
        }
    }

    private IEnumerable<ScreenImage> Backgrounds(ScreenNeeds screen) => screen.Images.Where(image =>
        image is { IsBackground: true, Url: { } url } && url.SameOrigin(page) && image != screen.Hero && image.Url != screen.Hero?.Url
        && image.Box.Within(screen.Client) is { Width: > 0, Height: > 0 } seen
        && seen.Area >= BackgroundShare * screen.Client.Width * screen.Client.Height).DistinctBy(image => image.Url);

    private void Add(ScreenImage image, FoundBy place, string? media)
    {
        var element = image.Node.Element;
        var mode = image.IsBackground ? CrossOriginMode.None : CommonAttributes.CrossOriginOf(element);
        if (image.Url is not { } url || url.Href.Length > options.MaxUrlLength)
        {
            builder.Skip(image.Choice.Url, AnalysisSkip.NotHttp);
        }
        else if (image.IsLazy)
        {
            builder.Skip(url.Href, AnalysisSkip.LazyImage);
        }
        else if (!url.SameOrigin(page))
        {
            builder.Preconnect(url, mode);
            builder.Skip(url.Href, AnalysisSkip.CrossOrigin);
        }
        else
        {
            builder.Add(new CriticalResource
            {
                Url = url.ToUri(),
                Kind = ResourceKind.Image,
                Blocking = false,
                FoundBy = place,
                CrossOrigin = mode,
                Media = media,
                FetchPriority = image.IsBackground ? null : CommonAttributes.FetchPriorityOf(element),
                ReferrerPolicy = image.IsBackground ? null : CommonAttributes.ReferrerPolicyOf(element),
                Type = image.Choice.Type,
                OtherTypes = image.Choice.OtherTypes,
                ImageSrcSet = SrcSetOf(image),
                ImageSizes = image.Choice.Sizes is { Length: < 1024 } sizes
                    && sizes.All(c => c is >= ' ' and < '\x7f' and not ('"' or '\\')) ? sizes : null,
            });
        }
    }

    // With absolute URLs; null if one of them is invalid, because the client then chooses differently.
    private string? SrcSetOf(ScreenImage image)
    {
        if (image.Choice.SrcSet is not { } text)
        {
            return null;
        }

        var candidates = SrcSet.Parse(text).Select(candidate => (builder.Base.Resolve(candidate.Url).Url, candidate)).ToArray();
        return candidates.Any(both => both.Url is null) ? null : string.Join(
            ", ",
            candidates.Select(both =>
            {
                var (url, candidate) = both;
                var unit = candidate.Width is null ? "x" : "w";
                return FormattableString.Invariant($"{url!.Href} {candidate.Width ?? candidate.Density}{unit}");
            }))
            is { Length: <= 4096 } set ? set : null;
    }

    private void AddSkippedImages(IReadOnlyList<ScreenNeeds> screens)
    {
        // The hero has a reason of its own where it is left out.
        var seen = screens.Select(screen => screen.Hero?.Url?.Href).OfType<string>().ToHashSet();
        foreach (var screen in screens)
        {
            var images = screen.Images.TakeWhile(_ => !builder.IsFullOfSkipped && budget.Spend(AnalysisCost.Images, StepsPerItem));
            foreach (var image in images.Where(
                image => image.Url is not null && seen.Add(image.Url.Href) && !builder.Has(image.Url, ResourceKind.Image)))
            {
                var isInView = image.Box.Within(screen.Client) is { Width: > 0, Height: > 0 };
                builder.Skip(
                    image.Url!.Href, image.IsLazy ? AnalysisSkip.LazyImage : isInView ? AnalysisSkip.NotLargest : AnalysisSkip.OutOfView);
            }
        }
    }

    private static IEnumerable<(T Item, string? Media)> Merge<T>(
        IReadOnlyList<ScreenNeeds> screens, Func<ScreenNeeds, IEnumerable<T>> choose, Func<T, string> key)
    {
        var lists = screens.Select(screen => choose(screen).ToList()).ToList();
        var keys = lists.ConvertAll(list => list.Select(key).ToHashSet());
        var widest = screens.Max(screen => screen.Client.Width);
        var given = new HashSet<string>();
        for (var i = 0; i < lists.Count; i++)
        {
            foreach (var item in lists[i].Where(item => given.Add(key(item))))
            {
                var isEverywhere = keys.TrueForAll(known => known.Contains(key(item)));
                yield return (item, isEverywhere ? null : screens[i].Client.Width == widest ? Wide : Narrow);
            }
        }
    }

    private sealed record FoundFont(FontSource Source, HttpUrl? Url, bool OtherScheme, bool ShowsFallback)
    {
        public string Key => Url?.Href ?? Source.Url;
    }
}
