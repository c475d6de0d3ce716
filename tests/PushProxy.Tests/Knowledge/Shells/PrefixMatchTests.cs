using PushProxy.Knowledge.Shells;
using Xunit;

namespace PushProxy.Tests.Knowledge.Shells;

public class PrefixMatchTests
{
    [Theory]
    [InlineData("abc", "abcd", 3, true, false)]
    [InlineData("abc", "abc", 3, true, false)]
    [InlineData("abc", "ab", 2, false, false)]
    [InlineData("abc", "abx", 2, false, true)]
    [InlineData("abc", "xbc", 0, false, true)]
    [InlineData("abc", "", 0, false, false)]
    [InlineData("", "abc", 0, true, false)]
    public void However_it_is_split(string expected, string given, int same, bool isComplete, bool differs)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(given);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                var match = new PrefixMatch(System.Text.Encoding.ASCII.GetBytes(expected));
                var taken = match.Take(bytes.AsSpan(0, first)) + match.Take(bytes.AsSpan(first, second - first))
                    + match.Take(bytes.AsSpan(second));
                Assert.Equal((same, same, isComplete, differs), (taken, match.Same, match.IsComplete, match.Differs));
            }
        }
    }
}
