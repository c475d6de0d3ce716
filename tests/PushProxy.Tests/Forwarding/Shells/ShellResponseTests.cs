using System.Globalization;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Tests.Forwarding.Shells;

public class ShellResponseTests
{
    /// <summary>PUSHPROXY_SHELL_SEQUENCES says how many, and PUSHPROXY_SHELL_SEED which is the first.</summary>
    [Fact]
    public async Task Whatever_the_origin_answers_its_client_gets_it_whole_or_after_a_reload()
    {
        var (kept, count) = (0, Number("PUSHPROXY_SHELL_SEQUENCES", 2000));
        var first = Number("PUSHPROXY_SHELL_SEED", 1);
        for (var seed = first; seed < first + count; seed++)
        {
            using var sequence = new ShellSequence(seed);
            try
            {
                await sequence.RunAsync().WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
                kept += sequence.WasKept ? 1 : 0;
            }
            catch (Exception e)
            {
                Assert.Fail($"{sequence}\n{e}");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{count} sequences, {kept} answers kept and fetched");
        Assert.True(kept > count / 10, "Hardly any answer was kept: the test has lost its point.");
    }

    private static int Number(string variable, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);
}
