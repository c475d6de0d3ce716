using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace PushProxy.Analysis.Html;

/// <summary>Where in the page an element stands.</summary>
internal enum Placement
{
    /// <summary>In the head.</summary>
    Head,

    /// <summary>In the body, or after it.</summary>
    Body,

    /// <summary>In a template: no content, nothing is loaded.</summary>
    Template,
}

/// <summary>Finds an element's placement in the finished tree.</summary>
internal static class Placements
{
    /// <summary>The placement of an element. At most as many steps as the tree is deep.</summary>
    public static Placement Of(IElement element)
    {
        INode top = element;
        var inHead = false;
        while (top.Parent is { } parent)
        {
            inHead |= parent is IHtmlHeadElement;
            top = parent;
        }

        // What stands in a template hangs on a fragment of its own.
        return top is not IDocument ? Placement.Template : inHead ? Placement.Head : Placement.Body;
    }
}
