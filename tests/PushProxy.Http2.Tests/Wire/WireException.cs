using System.Diagnostics.CodeAnalysis;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>The server broke a rule of RFC 9113 or RFC 7541.</summary>
internal sealed class WireException(string message) : Exception(message)
{
    public static void ThrowIf([DoesNotReturnIf(true)] bool broken, string message)
    {
        if (broken)
        {
            throw new WireException(message);
        }
    }
}
