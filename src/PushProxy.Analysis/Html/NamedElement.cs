using AngleSharp.Dom;

namespace PushProxy.Analysis.Html;

/// <summary>An element that can name a resource.</summary>
/// <param name="Element">A base, link, meta, script or style element of HTML.</param>
/// <param name="InBody">It comes after the page's body tag.</param>
internal readonly record struct NamedElement(IElement Element, bool InBody)
{
    /// <summary>Whether it stands in a template, where it is no content and nothing is loaded. Only true once the page is parsed.</summary>
    public bool IsInTemplate
    {
        get
        {
            // A template's content hangs on a fragment of its own. (What hangs on nothing was taken out by a frameset, after it
            // had been loaded.) At most as many steps as the tree is deep.
            INode top = Element;
            while (top.Parent is { } parent)
            {
                top = parent;
            }

            return top is IDocumentFragment;
        }
    }
}
