using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>Remembers who was sent the names that the pages at one path said. Guarded by the path's lock.</summary>
internal sealed class PathNames
{
    /// <summary>The maximum number of names whose witnesses are remembered.</summary>
    private const int MaxNames = 512;

    private readonly OrderedDictionary<UInt128, NameWitnesses> _names = [];

    /// <summary>The names that clients may be told, the one used last at the end.</summary>
    public IReadOnlyList<UInt128> Told => [.. _names.Where(static n => n.Value.IsTold).Select(static n => n.Key)];

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => 112L * _names.Count;

    /// <summary>
    /// Returns who was sent a name (<see cref="NameKey"/>) at this path. That outlives the version that says it: the site may take turns
    /// with two versions. When there are too many names, the one unused for the longest time is forgotten.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="enough">How many connections make it everybody's (<see cref="LearningOptions.NamedBy"/>).</param>
    public NameWitnesses WitnessesOf(UInt128 name, int enough)
    {
        if (!_names.Remove(name, out var witnesses))
        {
            witnesses = new NameWitnesses(enough);
            if (_names.Count >= MaxNames)
            {
                _names.RemoveAt(0);
            }
        }

        _names.Add(name, witnesses);
        return witnesses;
    }
}
