using PushProxy.Model;

namespace PushProxy.Proof;

/// <summary>The views that one verdict is made of. It is not for several threads at once.</summary>
/// <param name="limit">The most visitors of one arm that are kept.</param>
/// <param name="seed">Chooses which ones.</param>
internal sealed class Period(int limit, ulong seed)
{
    private int _pilot = Math.Min(Horizon.PilotVisitors, limit);

    /// <summary>Gets the visitors that get early delivery.</summary>
    public VisitorSample Delivered { get; } = new(limit, seed);

    /// <summary>Gets the visitors held out.</summary>
    public VisitorSample HeldOut { get; } = new(limit, ~seed);

    /// <summary>Gets how many views it takes; 0 until this is known.</summary>
    public long Planned { get; private set; }

    /// <summary>Gets how many views have come.</summary>
    public double Views => Delivered.Views + HeldOut.Views;

    /// <summary>Gets whether the views planned have come. It takes no more then.</summary>
    public bool IsOver => Planned > 0 && Views >= Planned;

    /// <summary>Adds a view.</summary>
    public void Add(Arm arm, ulong visitor, double milliseconds)
    {
        var sample = arm == Arm.Delivered ? Delivered : HeldOut;
        sample.Add(visitor, milliseconds);
        if (Planned == 0 && Delivered.Visitors >= _pilot && HeldOut.Visitors >= _pilot)
        {
            Planned = Horizon.Plan(Delivered, HeldOut, limit);

            // Where a few visitors have most views, or times are 0, it is tried again with twice as many.
            _pilot = (int)Math.Min(int.MaxValue, 2L * _pilot);
        }
    }
}
