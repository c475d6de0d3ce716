using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Tree;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Images;

/// <summary>An image that a page displays, or something that competes with images for being the largest.</summary>
/// <param name="Node">The element.</param>
/// <param name="Choice">The source it takes.</param>
/// <param name="Url">Its URL; null where that can't be fetched, such as <c>data:</c>.</param>
/// <param name="Box">Where it is; without area where it is not displayed.</param>
/// <param name="IsBackground">Whether it is a background.</param>
internal sealed record ScreenImage(TreeNode Node, ImageChoice Choice, HttpUrl? Url, Rect Box, bool IsBackground)
{
    /// <summary>Whether it waits until it is scrolled to.</summary>
    public bool IsLazy => !IsBackground && "lazy".Equals(Node.Attribute("loading"), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The size that counts for the largest contentful paint: what is seen of it, less where it is stretched (Largest Contentful
    /// Paint §4.4). One that fills the whole screen counts for nothing, nor does the background of the root or the body.
    /// </summary>
    /// <param name="client">The screen.</param>
    /// <param name="natural">Its own size; null where that is not known.</param>
    public double SizeOn(ClientProfile client, ImageSize? natural)
    {
        var seen = Box.Within(client);
        if ((IsBackground && Node.Tag is "html" or "body") || seen.Width <= 0 || seen.Height <= 0
            || seen.Area >= (double)client.Width * client.Height)
        {
            return 0;
        }

        var stretched = natural is { Width: > 0, Height: > 0 } size && Box.Area > 0 ? size.Width * size.Height / Box.Area : 1;
        return seen.Area * Math.Min(1, stretched);
    }
}
