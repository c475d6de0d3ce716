using System.Collections.Immutable;

namespace PushProxy.Pages;

/// <summary>
/// What tells one client from another, as far as two requests can be told apart: hashes of whatever in their cookies or
/// authorization could be a client's own. Two requests that have one of them in common are taken to be of one client.
/// </summary>
/// <param name="Marks">Sorted; at most <see cref="ClientIdentities.MaxMarks"/>.</param>
/// <param name="Epoch">Marks of different epochs cannot be compared.</param>
internal readonly record struct ClientId(ImmutableArray<ulong> Marks, int Epoch)
{
    /// <summary>Whether both may be the same client; also when nothing can be said.</summary>
    public bool MayBe(ClientId other)
    {
        if (Epoch != other.Epoch || Marks.IsDefaultOrEmpty || other.Marks.IsDefaultOrEmpty)
        {
            return true;
        }

        foreach (var mark in Marks)
        {
            if (other.Marks.BinarySearch(mark) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
