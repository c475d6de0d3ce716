using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Rules;

/// <summary>Tells a page that displays nothing until its scripts have run: <c>&lt;div id=root&gt;&lt;/div&gt;</c>.</summary>
internal static class AppShell
{
    /// <summary>Whether there is no text and no picture in the body.</summary>
    public static bool Is(DocumentTree tree)
    {
        var body = tree.Nodes.FirstOrDefault(node => node is { Tag: "body", Parent.Parent: null });
        return body is not null && IsEmpty(body);
    }

    private static bool IsEmpty(TreeNode body)
    {
        var open = new Stack<TreeNode>([body]);
        while (open.TryPop(out var node))
        {
            if (node.Tag is "script" or "style" or "noscript" or "template" or "link" or "meta")
            {
                continue;
            }

            if (node.Tag is "img" or "video" or "svg" or "iframe" or "canvas" or "input" or "button" or "textarea" or "select" or "object"
                or "embed" or "frame"
                || node.Content.Exists(content => content.Text is { } text && Fonts.CharacterSet.IsVisible(text)))
            {
                return false;
            }

            node.Children.ForEach(open.Push);
        }

        return true;
    }
}
