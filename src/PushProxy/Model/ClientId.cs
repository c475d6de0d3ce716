using System.Collections.Immutable;

namespace PushProxy.Model;

/// <summary>
/// Identifies a client as far as its requests allow. The marks are hashes of everything in the request's cookies or authorization that
/// could belong to one client only. Two requests that share a mark count as the same client.
/// </summary>
/// <param name="Marks">The hashes, at most <see cref="MaxMarks"/>.</param>
/// <param name="Epoch">The counting period that the marks belong to. Marks of different epochs cannot be compared.</param>
internal readonly record struct ClientId(ImmutableArray<ulong> Marks, int Epoch)
{
    /// <summary>The maximum number of marks taken from one request.</summary>
    public const int MaxMarks = 8;

    /// <summary>
    /// Returns the group of a mark; all marks of one client share a group. It is called when two clients are compared, because two marks
    /// may turn out later to belong to one client. If it is null, each mark is its own group.
    /// </summary>
    public Func<ulong, ulong>? Group { get; init; }

    /// <summary>The hash of the client's address (<see cref="ClientAddress.Host"/>); 0 if it is not known.</summary>
    public ulong Address { get; init; }

    /// <summary>What shows that the site knows the client.</summary>
    public ClientProof Proof { get; init; }

    /// <summary>Returns whether both may be the same client. It also returns true if the proxy cannot tell.</summary>
    public bool MayBe(ClientId other)
    {
        if (Epoch != other.Epoch || Marks.IsDefaultOrEmpty || other.Marks.IsDefaultOrEmpty)
        {
            return true;
        }

        Span<ulong> theirs = stackalloc ulong[MaxMarks];
        theirs = theirs[..other.CopyGroups(theirs)];
        foreach (var mark in Marks)
        {
            if (theirs.Contains(GroupOf(mark)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether both have the same marks, counted by group.</summary>
    public bool Is(ClientId other)
    {
        if (Epoch != other.Epoch || Marks.IsDefaultOrEmpty || other.Marks.IsDefaultOrEmpty)
        {
            return Epoch == other.Epoch && Marks.IsDefaultOrEmpty && other.Marks.IsDefaultOrEmpty;
        }

        Span<ulong> ours = stackalloc ulong[MaxMarks], theirs = stackalloc ulong[MaxMarks];
        ours = ours[..CopyGroups(ours)];
        theirs = theirs[..other.CopyGroups(theirs)];
        return !ours.ContainsAnyExcept(theirs) && !theirs.ContainsAnyExcept(ours);
    }

    private int CopyGroups(Span<ulong> groups)
    {
        var count = Math.Min(Marks.Length, groups.Length);
        for (var i = 0; i < count; i++)
        {
            groups[i] = GroupOf(Marks[i]);
        }

        return count;
    }

    private ulong GroupOf(ulong mark) => Group?.Invoke(mark) ?? mark;
}
