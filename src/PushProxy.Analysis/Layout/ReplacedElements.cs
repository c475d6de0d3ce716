using System.Buffers;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Layout;

/// <summary>Elements that are displayed as one piece.</summary>
internal static class ReplacedElements
{
    private const double Unknown = 400;

    private static readonly SearchValues<string> SmallWords =
        SearchValues.Create(["logo", "icon", "avatar", "flag", "sprite", "spacer", "pixel", "loader"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an element is one.</summary>
    public static bool Is(TreeNode node) =>
        node.Tag is "img" or "video" or "iframe" or "canvas" or "embed" or "object" or "svg" or "input" or "textarea" or "select"
            or "meter" or "progress";

    /// <summary>
    /// The size of one that says nothing of it: the standard's (HTML §15.5) for all but images, which are taken to be pictures
    /// unless they say that they are something small.
    /// </summary>
    public static ImageSize UsualSize(TreeNode node) => node.Tag switch
    {
        "img" => IsDrawing(node) ? new(48, 48) : IsSmall(node) ? new(120, 40) : new(Unknown, Unknown * 2 / 3),
        "video" or "iframe" or "canvas" or "embed" or "object" => new(300, 150),
        "svg" => new(100, 100),
        "textarea" => new(180, 36),
        _ => node.Attribute("type")?.ToLowerInvariant() is "checkbox" or "radio" ? new(13, 13) : new(160, 21),
    };

    // A drawing is a symbol far more often than a picture.
    private static bool IsDrawing(TreeNode node) => node.Attribute("src") is { } source
        && source.AsSpan(0, source.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : source.Length)
            .EndsWith(".svg", StringComparison.OrdinalIgnoreCase);

    // "logo.png", class="icon".
    private static bool IsSmall(TreeNode node)
    {
        var text = string.Join(' ', node.Attribute("src"), node.Attribute("class"), node.Attribute("id"), node.Attribute("alt"));
        return text.AsSpan().ContainsAny(SmallWords);
    }
}
