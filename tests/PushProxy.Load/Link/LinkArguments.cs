using System.CommandLine;

namespace PushProxy.Load.Link;

/// <summary>The options that say what a link is like.</summary>
/// <param name="several">Whether there may be several links, to be measured one after the other.</param>
internal sealed class LinkArguments(bool several = false)
{
    private readonly Option<double[]> _roundTrip = Positive("--rtt", "Round-trip time, ms.", 100, several);
    private readonly Option<double[]> _down = Positive("--down", "Bandwidth to the client, Mbit/s.", 10, several);
    private readonly Option<double?> _up = new("--up") { Description = "Bandwidth from the client, Mbit/s. Default: as down." };

    public void AddTo(Command command)
    {
        command.Options.Add(_roundTrip);
        command.Options.Add(_down);
        command.Options.Add(_up);
    }

    /// <summary>The link.</summary>
    public LinkShape Read(ParseResult result) => ReadAll(result).Single();

    /// <summary>All links: each round trip with each bandwidth.</summary>
    public IEnumerable<LinkShape> ReadAll(ParseResult result) =>
        from roundTrip in result.GetValue(_roundTrip)!
        from down in result.GetValue(_down)!
        select new LinkShape(TimeSpan.FromMilliseconds(roundTrip), down, result.GetValue(_up) ?? down);

    private static Option<double[]> Positive(string name, string description, double value, bool several) =>
        Listed.Option(name, description, value, several, static v => v > 0, "is more than 0");
}
