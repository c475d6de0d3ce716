using AngleSharp.Dom;

namespace PushProxy.Analysis.Tree;

/// <summary>An element, with what selectors and layout ask for at hand.</summary>
internal sealed class TreeNode(IElement element, TreeNode? parent)
{
    /// <summary>The element.</summary>
    public IElement Element { get; } = element;

    /// <summary>Its parent; null for the root.</summary>
    public TreeNode? Parent { get; } = parent;

    /// <summary>Local name, in lower case for HTML.</summary>
    public string Tag { get; } = element.LocalName;

    /// <summary>Its <c>id</c>.</summary>
    public string? Id { get; } = element.Id;

    /// <summary>Its classes.</summary>
    public string[] Classes { get; } = element.GetAttribute("class") is { Length: > 0 } value
        ? value.Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries)
        : [];

    /// <summary>The element before it among those of its parent.</summary>
    public TreeNode? Previous { get; init; }

    /// <summary>Its place among the elements of its parent, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Its place in the document, from 0.</summary>
    public int Order { get; init; }

    /// <summary>The elements in it, in order.</summary>
    public List<TreeNode> Children { get; } = [];

    /// <summary>Text and elements in it, in order.</summary>
    public List<TreeContent> Content { get; } = [];

    /// <summary>The element behind it; null for the last.</summary>
    public TreeNode? Next => Parent is { } parent && Index + 1 < parent.Children.Count ? parent.Children[Index + 1] : null;

    /// <summary>An attribute's value; null when it has none.</summary>
    public string? Attribute(string name) => Element.GetAttribute(name);
}

/// <summary>Text, or an element, within another.</summary>
internal readonly record struct TreeContent(string? Text, TreeNode? Node);
