using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>
/// The names that a selector requires among the ancestors of its subject, as a <see cref="NameMask"/>. Most selectors ask for an ancestor
/// that most elements do not have; comparing masks finds this out without a walk up the tree.
/// </summary>
internal static class AncestorMask
{
    /// <summary>The mask of a selector.</summary>
    public static UInt128 Of(Selector selector)
    {
        var mask = UInt128.Zero;
        for (var i = 0; i < selector.Combinators.Length; i++)
        {
            if (selector.Combinators[i] is Combinator.Descendant or Combinator.Child)
            {
                var compound = selector.Compounds[i + 1];
                mask |= compound.Tag is null ? default : NameMask.Of(compound.Tag);
                mask |= compound.Id is null ? default : NameMask.Of(compound.Id);
                foreach (var name in compound.Classes)
                {
                    mask |= NameMask.Of(name);
                }
            }
        }

        return mask;
    }
}
