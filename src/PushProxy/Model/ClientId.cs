using System.Collections.Immutable;

namespace PushProxy.Model;

/// <summary>
/// What tells one client from another, as far as two requests can be told apart: hashes of everything in their cookies or
/// authorization that could be a client's own. Two requests that share one of them are taken to be of one client.
/// </summary>
/// <param name="Marks">At most <see cref="MaxMarks"/>.</param>
/// <param name="Epoch">Marks of different epochs cannot be compared.</param>
internal readonly record struct ClientId(ImmutableArray<ulong> Marks, int Epoch)
{
    /// <summary>How many marks of one request count.</summary>
    public const int MaxMarks = 8;

    /// <summary>
    /// Gives what all marks of one client have in common. It is asked when two clients are compared, because it may turn out later that
    /// two marks are of one client. Null: each mark stands for itself.
    /// </summary>
    public Func<ulong, ulong>? Group { get; init; }

    /// <summary>Whether both may be the same client; also true when nothing can be said.</summary>
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

    /// <summary>Whether both are marked alike.</summary>
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
