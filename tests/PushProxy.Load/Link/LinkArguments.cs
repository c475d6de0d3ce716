using System.CommandLine;

namespace PushProxy.Load.Link;

/// <summary>The options that say what a link is like.</summary>
internal sealed class LinkArguments
{
    private readonly Option<double> _roundTrip = Positive("--rtt", "Round-trip time, ms.", 100);
    private readonly Option<double> _down = Positive("--down", "Bandwidth to the client, Mbit/s.", 10);
    private readonly Option<double?> _up = new("--up") { Description = "Bandwidth from the client, Mbit/s. Default: as down." };

    public void AddTo(Command command)
    {
        command.Options.Add(_roundTrip);
        command.Options.Add(_down);
        command.Options.Add(_up);
    }

    public LinkShape Read(ParseResult result) =>
        new(TimeSpan.FromMilliseconds(result.GetValue(_roundTrip)), result.GetValue(_down), result.GetValue(_up) ?? result.GetValue(_down));

    private static Option<double> Positive(string name, string description, double value)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() <= 0)
            {
                result.AddError($"{name} is more than 0.");
            }
        });
        return option;
    }
}
