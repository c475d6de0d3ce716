using System.Globalization;
using Xunit;

namespace PushProxy.Http2.Tests.Fuzz;

/// <summary>
/// The fuzz targets over reproducible random input. PUSHPROXY_FUZZ says how many inputs each; tests/PushProxy.Http2.Fuzz runs
/// the same targets under a coverage-guided fuzzer.
/// </summary>
public class FuzzTests
{
    private static readonly int s_inputs = int.Parse(Environment.GetEnvironmentVariable("PUSHPROXY_FUZZ") ?? "4000", CultureInfo.InvariantCulture);

    [Fact]
    public void Anything_from_the_client() => Run(FuzzTargets.FromClient);

    [Fact]
    public void Anything_from_the_server() => Run(FuzzTargets.FromServer);

    private static void Run(Action<ReadOnlySpan<byte>> target)
    {
        for (var seed = 0; seed < s_inputs; seed++)
        {
            var random = new Random(seed);
            var input = seed % 8 == 0 ? Noise(random) : FuzzTargets.Frames(random);
            try
            {
                target(input);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Input of seed {seed}: {Convert.ToHexString(input)}", error);
            }
        }
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }
}
