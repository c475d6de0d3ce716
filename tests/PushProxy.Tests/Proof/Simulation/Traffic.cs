using PushProxy.Model;
using PushProxy.Proof;

namespace PushProxy.Tests.Proof.Simulation;

/// <summary>The views of a site as they come: those of many visitors in between each other.</summary>
/// <param name="site">The site.</param>
/// <param name="effect">How much faster or slower each view is that is not held out: −0.2 is 20 % faster.</param>
/// <param name="holdOut">The share of visitors held out.</param>
/// <param name="seed">The seed.</param>
internal sealed class Traffic(SimulatedSite site, double effect, double holdOut, ulong seed)
{
    private const int AtOnce = 64;

    private readonly Dice _dice = new(seed);
    private readonly (ulong Id, Arm Arm, double LogSpeed, int Views)[] _here = new (ulong, Arm, double, int)[AtOnce];

    private int _visitors;

    /// <summary>Whether each view says that it is somebody else's.</summary>
    public bool ViewsAreVisitors { get; set; }

    /// <summary>Adds the next view.</summary>
    public void AddTo(Comparison comparison)
    {
        ref var visitor = ref _here[_dice.Below(AtOnce)];
        if (visitor.Views == 0)
        {
            visitor = Begin();
        }

        Add(comparison, ref visitor);
    }

    /// <summary>Adds all views of so many visitors.</summary>
    public void AddTo(Comparison comparison, int visitors)
    {
        while (_visitors < visitors)
        {
            AddTo(comparison);
        }

        // Those still here have many views more often than others: without the rest the times would not be the site's.
        foreach (ref var visitor in _here.AsSpan())
        {
            while (visitor.Views > 0)
            {
                Add(comparison, ref visitor);
            }
        }
    }

    private (ulong Id, Arm Arm, double LogSpeed, int Views) Begin()
    {
        _visitors++;
        var (logSpeed, views) = site.Visitor(_dice);
        return (_dice.Next(), _dice.Uniform() < holdOut ? Arm.HeldOut : Arm.Delivered, logSpeed, views);
    }

    private void Add(Comparison comparison, ref (ulong Id, Arm Arm, double LogSpeed, int Views) visitor)
    {
        visitor.Views--;
        var time = site.View(visitor.LogSpeed, _dice);
        var id = ViewsAreVisitors ? visitor.Id + (ulong)visitor.Views : visitor.Id;
        comparison.Add(visitor.Arm, id, visitor.Arm == Arm.Delivered ? time * (1 + effect) : time);
    }
}
