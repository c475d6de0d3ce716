namespace PushProxy.Knowledge;

/// <summary>Decides what makes room in a list that several clients fill, so that no client pushes out what others use.</summary>
internal static class FairShare
{
    /// <summary>A client that taught at most one of this many entries is not singled out.</summary>
    private const int Share = 4;

    /// <summary>
    /// Returns the position of the entry to remove. If one address alone taught more than its share, its own oldest entry makes room.
    /// Otherwise the first entry does, which is the one unused for the longest time.
    /// </summary>
    /// <param name="teachers">The address that alone taught each entry; null for an entry that several taught.</param>
    /// <param name="added">The address that taught the new entry.</param>
    public static int MakesRoom(IReadOnlyList<ulong?> teachers, ulong? added)
    {
        var most = teachers.Append(added).Where(static t => t is not null).GroupBy(static t => t).MaxBy(static g => g.Count());
        if (most is null || most.Count() * Share <= teachers.Count)
        {
            return 0;
        }

        for (var i = 0; i < teachers.Count; i++)
        {
            if (teachers[i] == most.Key)
            {
                return i;
            }
        }

        return 0;
    }
}
