using System.CommandLine;
using PushProxy.Load.Link;
using PushProxy.Testing;

namespace PushProxy.Load.Instances;

/// <summary>
/// <c>outages</c>: page views through two instances whose Redis is flushed, halted, killed and cut off, and beside them through one that has
/// none. Does a view fail, is one slower, and do both know the same soon after?
/// </summary>
internal static class OutagesCommand
{
    public static Command Create()
    {
        var protocol = new Option<VisitProtocol>("--protocol")
        {
            Description = "What visitors speak: Http1, Http2 or Push.",
            DefaultValueFactory = static _ => VisitProtocol.Http2,
        };
        var rate = new Option<double>("--rate")
        {
            Description = "Views a second, of each of three instances.",
            DefaultValueFactory = static _ => 10,
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long each outage is looked at. Redis is gone for four tenths of it.",
            DefaultValueFactory = static _ => 30,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often all outages are looked at: in the first round, much is done for the first time.",
            DefaultValueFactory = static _ => 2,
        };
        var think = new Option<int>("--think")
        {
            Description = "Milliseconds that the origin waits before it sends a page.",
            DefaultValueFactory = static _ => 50,
        };
        seconds.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() < 10)
            {
                result.AddError("--seconds: at least 10, or an outage would be too short to be noticed.");
            }
        });
        rounds.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100)
            {
                result.AddError("--rounds: 1 to 100.");
            }
        });
        rate.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is <= 0 or > 1000)
            {
                result.AddError("--rate: more than 0, at most 1000.");
            }
        });
        var command = new Command("outages", "Page views while instances lose the Redis that they share, beside one that has none.")
        {
            protocol, rate, seconds, rounds, think,
        };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() =>
        {
            ExternalTool.Require("node");
            ExternalTool.Require("redis-server");
            var run = new OutagesRun(
                result.GetValue(protocol), result.GetValue(rate), result.GetValue(seconds), result.GetValue(rounds),
                result.GetValue(think));
            return Isolation.RunAsync(() => run.RunAsync(cancellation), cancellation);
        }));
        return command;
    }
}
