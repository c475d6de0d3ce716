using System.Collections.Immutable;

namespace PushProxy.Pages;

/// <summary>
/// What tells one client from another, as far as two requests can be told apart: hashes of whatever in their cookies or
/// authorization could be a client's own. Two requests that have one of them in common are taken to be of one client.
/// </summary>
/// <param name="Marks">At most <see cref="ClientIdentities.MaxMarks"/>.</param>
/// <param name="Epoch">Marks of different epochs cannot be compared.</param>
internal readonly record struct ClientId(ImmutableArray<ulong> Marks, int Epoch)
{
    /// <summary>Which marks are of one client by now; asked when two are compared, as it may turn out later. Null: each is one's own.</summary>
    public MarkGroups? Groups { get; init; }

    /// <summary>Whether both may be the same client; also when nothing can be said.</summary>
    public bool MayBe(ClientId other)
    {
        if (Epoch != other.Epoch || Marks.IsDefaultOrEmpty || other.Marks.IsDefaultOrEmpty)
        {
            return true;
        }

        Span<ulong> theirs = stackalloc ulong[ClientIdentities.MaxMarks];
        theirs = theirs[..other.CopyGroups(theirs)];
        foreach (var mark in Marks)
        {
            if (theirs.Contains(Group(mark)))
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

        Span<ulong> ours = stackalloc ulong[ClientIdentities.MaxMarks], theirs = stackalloc ulong[ClientIdentities.MaxMarks];
        ours = ours[..CopyGroups(ours)];
        theirs = theirs[..other.CopyGroups(theirs)];
        return !ours.ContainsAnyExcept(theirs) && !theirs.ContainsAnyExcept(ours);
    }

    private int CopyGroups(Span<ulong> groups)
    {
        var count = Math.Min(Marks.Length, groups.Length);
        for (var i = 0; i < count; i++)
        {
            groups[i] = Group(Marks[i]);
        }

        return count;
    }

    private ulong Group(ulong mark) => Groups?.Group(mark) ?? mark;
}
