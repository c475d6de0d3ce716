using AngleSharp.Dom;
using PushProxy.Analysis.Budgets;

namespace PushProxy.Analysis.Tree;

/// <summary>An element, with what selectors and layout ask for at hand.</summary>
internal sealed class TreeNode
{
    // Most elements have nothing or text alone in them: nothing is allocated for what is not there.
    private static readonly List<TreeNode> None = [];
    private static readonly List<TreeContent> Nothing = [];

    // Where there are more, looking at each in turn would take long.
    private const int Few = 16;

    private UInt128? _inner;
    private HashSet<string>? _classSet;
    private Dictionary<string, string>? _attributeMap;
    private (int Place, int Count)[]? _types;

    /// <summary>Makes the node of an element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="parent">The node it is in; null for the root.</param>
    public TreeNode(IElement element, TreeNode? parent)
    {
        Element = element;
        Parent = parent;
        Tag = element.LocalName;
        Attributes = new (string, string)[element.Attributes.Length];
        for (var i = 0; i < Attributes.Length; i++)
        {
            Attributes[i] = (element.Attributes[i]!.LocalName, element.Attributes[i]!.Value);
        }

        Id = Attribute("id") is { Length: > 0 } id ? id : null;
        Classes = Attribute("class") is { Length: > 0 } names
            ? names.Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries) : [];
        Classes = Classes.Length <= Few ? Classes : [.. Classes.Distinct()];
        Index = parent?.Children.Count ?? 0;
        Previous = parent is { Children: [.., var last] } ? last : null;
        Ancestors = parent is null ? default : parent._inner ??= parent.Ancestors | NameMask.Of(parent);
    }

    /// <summary>The element.</summary>
    public IElement Element { get; }

    /// <summary>Its parent; null for the root.</summary>
    public TreeNode? Parent { get; }

    /// <summary>Local name, in lower case for HTML.</summary>
    public string Tag { get; }

    /// <summary>Its attributes; of HTML, the names are in lower case.</summary>
    public (string Name, string Value)[] Attributes { get; }

    /// <summary>Its <c>id</c>; null for none.</summary>
    public string? Id { get; }

    /// <summary>Its classes.</summary>
    public string[] Classes { get; }

    /// <summary>What the elements around it have.</summary>
    public UInt128 Ancestors { get; }

    /// <summary>The element before it among those of its parent.</summary>
    public TreeNode? Previous { get; }

    /// <summary>Its place among the elements of its parent, from 0.</summary>
    public int Index { get; }

    /// <summary>Its place in the document, from 0.</summary>
    public int Order { get; init; }

    /// <summary>The elements in it, in order.</summary>
    public List<TreeNode> Children { get; private set; } = None;

    /// <summary>Text and elements in it, in order.</summary>
    public List<TreeContent> Content { get; private set; } = Nothing;

    /// <summary>The element behind it; null for the last.</summary>
    public TreeNode? Next => Parent is { } parent && Index + 1 < parent.Children.Count ? parent.Children[Index + 1] : null;

    /// <summary>Adds an element at the end.</summary>
    public void Add(TreeNode child)
    {
        (Children = Children == None ? [] : Children).Add(child);
        (Content = Content == Nothing ? [] : Content).Add(new(null, child));
    }

    /// <summary>Adds text at the end.</summary>
    public void Add(string text) => (Content = Content == Nothing ? new(1) : Content).Add(new(text, null));

    /// <summary>Whether it has a class.</summary>
    public bool HasClass(string name) =>
        Classes.Length <= Few ? Classes.AsSpan().Contains(name) : (_classSet ??= [.. Classes]).Contains(name);

    /// <summary>
    /// Its place among the elements of its type and of its parent, from 0, and how many those are. Worked out for all of a parent's
    /// elements at once.
    /// </summary>
    public (int Place, int Count) AmongItsType(AnalysisBudget budget) =>
        Parent is null ? (0, 1) : (Parent._types ??= TypesOf(Parent.Children, budget)) is var types && Index < types.Length
            ? types[Index] : (0, 1);

    /// <summary>An attribute's value; null when it has none.</summary>
    public string? Attribute(string name)
    {
        if (Attributes.Length > Few)
        {
            return (_attributeMap ??= MapOf(Attributes)).GetValueOrDefault(name);
        }

        foreach (var (known, value) in Attributes)
        {
            if (known == name)
            {
                return value;
            }
        }

        return null;
    }

    // Of two with one name the first counts.
    private static Dictionary<string, string> MapOf((string Name, string Value)[] attributes)
    {
        var map = new Dictionary<string, string>();
        foreach (var (name, value) in attributes)
        {
            map.TryAdd(name, value);
        }

        return map;
    }

    private static (int Place, int Count)[] TypesOf(List<TreeNode> children, AnalysisBudget budget)
    {
        if (!budget.Spend(AnalysisCost.Selectors, children.Count) || !budget.Keep(AnalysisCost.Selectors, 8L * children.Count))
        {
            return [];
        }

        var counts = new Dictionary<string, int>();
        var types = new (int Place, int Count)[children.Count];
        for (var i = 0; i < types.Length; i++)
        {
            types[i].Place = counts.TryGetValue(children[i].Tag, out var before) ? before : 0;
            counts[children[i].Tag] = types[i].Place + 1;
        }

        for (var i = 0; i < types.Length; i++)
        {
            types[i].Count = counts[children[i].Tag];
        }

        return types;
    }
}

/// <summary>Text, or an element, within another.</summary>
internal readonly record struct TreeContent(string? Text, TreeNode? Node);
