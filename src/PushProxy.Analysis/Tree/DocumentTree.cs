using AngleSharp.Dom;
using PushProxy.Analysis.Budgets;

namespace PushProxy.Analysis.Tree;

/// <summary>
/// The elements of a document in document order, made once so that they need not be asked of the parser's tree again and again.
/// </summary>
internal sealed class DocumentTree
{
    // What a node takes besides its text: in steps, and in bytes with its places in the lists of its parent.
    private const int StepsPerNode = 10;
    private const int BytesPerNode = 360;
    private const int BytesPerAttribute = 24;

    private readonly List<TreeNode> _nodes = [];

    /// <summary>All elements, in document order.</summary>
    public IReadOnlyList<TreeNode> Nodes => _nodes;

    /// <summary>The root element; null for a document without one.</summary>
    public TreeNode? Root => _nodes.Count > 0 ? _nodes[0] : null;

    /// <summary>Makes the tree of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="budget">What it may cost; where it ends, the tree ends.</param>
    public static DocumentTree Of(IDocument document, AnalysisBudget budget)
    {
        var tree = new DocumentTree();
        if (document.DocumentElement is { } root)
        {
            tree.Fill(root, budget);
        }

        return tree;
    }

    // Without recursion: the parser bounds the depth, but there is no need to rely on it. By index: the parser's nodes look for
    // themselves among all children of their parent to tell which one is next.
    private void Fill(IElement root, AnalysisBudget budget)
    {
        var open = new Stack<(TreeNode Node, INodeList Children, int Next)>();
        open.Push((Add(root, null), root.ChildNodes, 0));
        while (open.TryPop(out var level))
        {
            var (node, children, next) = level;
            while (next < children.Length)
            {
                switch (children[next++])
                {
                    case IElement element:
                        if (!budget.Spend(AnalysisCost.Html, StepsPerNode + element.Attributes.Length)
                            || !budget.Keep(AnalysisCost.Html, BytesPerNode + (BytesPerAttribute * element.Attributes.Length)))
                        {
                            return;
                        }

                        open.Push((node, children, next));
                        (node, children, next) = (Add(element, node), element.ChildNodes, 0);
                        break;
                    case IText text:
                        node.Add(text.Data);
                        break;
                }
            }
        }
    }

    private TreeNode Add(IElement element, TreeNode? parent)
    {
        var node = new TreeNode(element, parent) { Order = _nodes.Count };
        _nodes.Add(node);
        parent?.Add(node);
        return node;
    }
}
