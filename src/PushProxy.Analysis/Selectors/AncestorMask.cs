using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>
/// A set of types, ids and classes in 128 bits: it may say that one is in it that is not, never the other way round. Most selectors
/// ask for an ancestor that most elements don't have, and this tells without a walk up the tree.
/// </summary>
internal static class AncestorMask
{
    /// <summary>What an element has.</summary>
    public static UInt128 Of(TreeNode node)
    {
        var mask = Bit(node.Tag) | (node.Id is null ? default : Bit(node.Id));
        foreach (var name in node.Classes)
        {
            mask |= Bit(name);
        }

        return mask;
    }

    /// <summary>What a selector asks the ancestors of its subject to have.</summary>
    public static UInt128 Of(Selector selector)
    {
        var mask = UInt128.Zero;
        for (var i = 0; i < selector.Combinators.Length; i++)
        {
            if (selector.Combinators[i] is Combinator.Descendant or Combinator.Child)
            {
                var compound = selector.Compounds[i + 1];
                mask |= (compound.Tag is null ? default : Bit(compound.Tag)) | (compound.Id is null ? default : Bit(compound.Id));
                foreach (var name in compound.Classes)
                {
                    mask |= Bit(name);
                }
            }
        }

        return mask;
    }

    private static UInt128 Bit(string name)
    {
        var hash = string.GetHashCode(name, StringComparison.Ordinal);
        var bit = 1UL << (hash & 63);
        return (hash & 64) == 0 ? new UInt128(0, bit) : new UInt128(bit, 0);
    }
}
