using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Styles;

/// <summary>
/// What the stylesheets of well-known slideshows hide until their script has run, which then shows the first picture: without
/// this, the largest image of many a page is not displayed.
/// </summary>
internal static class Sliders
{
    /// <summary>Displays the first picture of a slideshow.</summary>
    public static void Apply(TreeNode node, ComputedStyle style)
    {
        if (style.Display == Display.None && (IsSlideshow(node) || IsFirstSlide(node)))
        {
            style.Display = Display.Block;
        }
    }

    // Owl Carousel hides itself.
    private static bool IsSlideshow(TreeNode node) => node.Classes.AsSpan().Contains("owl-carousel");

    // FlexSlider hides the items of its list, Nivo Slider its images.
    private static bool IsFirstSlide(TreeNode node) => node is { Index: 0, Parent: { } parent }
        && ((node.Tag == "li" && parent.Classes.AsSpan().Contains("slides")) || IsNivo(parent)
            || (parent.Index == 0 && parent.Parent is { } around && IsNivo(around)));

    private static bool IsNivo(TreeNode node) => node.Classes.AsSpan().Contains("nivoSlider");
}
