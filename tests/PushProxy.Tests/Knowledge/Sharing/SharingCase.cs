using System.Text;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace PushProxy.Tests.Knowledge.Sharing;

/// <summary>Instances that share one place.</summary>
public abstract class SharingCase : IDisposable
{
    private protected SharedPlace Place { get; } = new();
    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private protected List<Neighbour> All { get; } = [];

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        All.ForEach(static n => n.Dispose());
    }

    private protected Neighbour Start(LearningOptions? options = null)
    {
        var one = new Neighbour(Place, Time, options);
        All.Add(one);
        return one;
    }

    // Until nobody has anything to tell. That must not take long.
    private protected void Exchange()
    {
        for (var round = 0; round < 20; round++)
        {
            All.ForEach(static n => n.Tell());
            if (Place.Deliver() == 0 && round > 2)
            {
                return;
            }
        }

        Assert.Fail("They tell each other without end.");
    }

    private protected string Texts() => string.Join('\n', Place.Records.Values.Select(r =>
        Encoding.UTF8.GetString(r.Value.Span) + Encoding.UTF8.GetString(All[0].Texts.Unpack(r.Value.Span) ?? [])));

    private protected static IEnumerable<string> Members(Neighbour one) =>
        one.Own.Find("/a", isMember: true).Page?.Analysis.Resources.Select(static r => r.Url.AbsolutePath) ?? [];
}
