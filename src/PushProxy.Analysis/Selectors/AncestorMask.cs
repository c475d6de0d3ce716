using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>
/// A set of types, ids and classes in 64 bits: it may say that one is in it that is not, never the other way round. Most selectors
/// ask for an ancestor that most elements don't have, and this tells without a walk up the tree.
/// </summary>
internal static class AncestorMask
{
    /// <summary>What an element has.</summary>
    public static ulong Of(TreeNode node)
    {
        var mask = Bit(node.Tag) | (node.Id is null ? 0 : Bit(node.Id));
        foreach (var name in node.Classes)
        {
            mask |= Bit(name);
        }

        return mask;
    }

    /// <summary>What a selector asks the ancestors of its subject to have.</summary>
    public static ulong Of(Selector selector)
    {
        var mask = 0UL;
        for (var i = 0; i < selector.Combinators.Length; i++)
        {
            if (selector.Combinators[i] is Combinator.Descendant or Combinator.Child)
            {
                var compound = selector.Compounds[i + 1];
                mask |= (compound.Tag is null ? 0 : Bit(compound.Tag)) | (compound.Id is null ? 0 : Bit(compound.Id));
                foreach (var name in compound.Classes)
                {
                    mask |= Bit(name);
                }
            }
        }

        return mask;
    }

    private static ulong Bit(string name) => 1UL << (string.GetHashCode(name, StringComparison.Ordinal) & 63);
}
