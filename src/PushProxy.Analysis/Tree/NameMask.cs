namespace PushProxy.Analysis.Tree;

/// <summary>
/// A set of types, ids and classes in 128 bits. A name that is not in the set may seem to be; a name that is in the set always is.
/// </summary>
internal static class NameMask
{
    /// <summary>The set of one name.</summary>
    public static UInt128 Of(string name)
    {
        var hash = string.GetHashCode(name, StringComparison.Ordinal);
        var bit = 1UL << (hash & 63);
        return (hash & 64) == 0 ? new UInt128(0, bit) : new UInt128(bit, 0);
    }

    /// <summary>The names of an element: its type, id and classes.</summary>
    public static UInt128 Of(TreeNode node)
    {
        var mask = Of(node.Tag) | (node.Id is null ? default : Of(node.Id));
        foreach (var name in node.Classes)
        {
            mask |= Of(name);
        }

        return mask;
    }
}
