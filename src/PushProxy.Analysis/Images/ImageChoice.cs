using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Media;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Images;

/// <summary>Which of its sources an image takes (HTML §4.8.4.3, "select an image source").</summary>
/// <param name="Url">As written.</param>
/// <param name="SrcSet">The candidates it is chosen from; null for a single one.</param>
/// <param name="Sizes">Their <c>sizes</c>; null for none.</param>
/// <param name="Type">Its MIME type; null where it is not stated.</param>
internal sealed record ImageChoice(string Url, string? SrcSet, string? Sizes, string? Type)
{
    /// <summary>The types of sources before it that some clients take, separated by commas; null for none.</summary>
    public string? OtherTypes { get; private init; }

    // Of the sources before an image, so many are looked at.
    private const int MaxSources = 64;

    // The type that some browsers display and others do not, and that is still in few pages.
    private const string Jxl = "image/jxl";

    // What a source costs besides its text, and how many characters of it are read for one step.
    private const int StepsPerSource = 100;
    private const int CharactersAStep = 2;

    /// <summary>The choice of one client; null when it has no source.</summary>
    /// <param name="image">The element.</param>
    /// <param name="client">The client.</param>
    /// <param name="budget">What it may cost.</param>
    public static ImageChoice? Of(TreeNode image, ClientProfile client, AnalysisBudget budget)
    {
        string? others = null;
        if (image.Parent is { Tag: "picture" } picture)
        {
            foreach (var source in picture.Children.Take(Math.Min(image.Index, MaxSources)).Where(child => child.Tag == "source"))
            {
                if (!MayRead(source, budget))
                {
                    return null;
                }

                if (MediaQueryList.Parse(source.Attribute("media"), client).NeverMatches || Of(source, null, client) is not { } choice)
                {
                    continue;
                }

                if (IsTaken(choice.Type))
                {
                    return choice with { OtherTypes = others };
                }

                // Some browsers take it, and say so in Accept.
                if (choice.Type == Jxl)
                {
                    others = Jxl;
                }
            }
        }

        return MayRead(image, budget) && Of(image, image.Attribute("src"), client) is { } own ? own with { OtherTypes = others } : null;
    }

    private static bool MayRead(TreeNode element, AnalysisBudget budget)
    {
        var length = (element.Attribute("srcset")?.Length ?? 0) + (element.Attribute("sizes")?.Length ?? 0)
            + (element.Attribute("media")?.Length ?? 0);
        return budget.Spend(AnalysisCost.Images, StepsPerSource + (length / CharactersAStep));
    }

    private static ImageChoice? Of(TreeNode element, string? src, ClientProfile client)
    {
        var (srcSet, sizes) = (element.Attribute("srcset"), element.Attribute("sizes"));
        if (string.IsNullOrWhiteSpace(srcSet))
        {
            return string.IsNullOrWhiteSpace(src) ? null : new(src, null, null, element.Attribute("type")?.Trim().ToLowerInvariant());
        }

        var candidates = Images.SrcSet.Parse(srcSet);
        var isChoice = candidates.Count > 0;
        if (!string.IsNullOrWhiteSpace(src) && !candidates.Exists(candidate => candidate.Width is not null || candidate.Density == 1))
        {
            candidates.Add(new(src, null, 1));
        }

        return Images.SrcSet.Choose(candidates, SizesAttribute.WidthOf(sizes, client), client.PixelRatio) is { } chosen
            ? new(
                chosen.Url, isChoice && candidates.Count > 1 ? srcSet : null, isChoice ? sizes : null,
                element.Attribute("type")?.Trim().ToLowerInvariant())
            : null;
    }

    private static bool IsTaken(string? type) =>
        type is null or "" or "image/avif" or "image/webp" or "image/png" or "image/jpeg" or "image/jpg" or "image/gif"
            or "image/svg+xml" or "image/apng" or "image/bmp" or "image/x-icon";
}
