using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Client.Arms;

/// <summary>
/// Decides which visitors are held out, and tells visitors apart. Nothing is kept about them, and no cookie is set: a hash of the network
/// that a client is in, its <c>User-Agent</c> and the day decides, made with the key that all instances have. So a visitor stays in one
/// arm for a day, whichever instance answers.
/// </summary>
internal sealed class VisitorArms(ClientIdentities clients, TimeProvider time)
{
    /// <summary>How much of a <c>User-Agent</c> counts, in characters.</summary>
    private const int MaxAgentLength = 512;

    // The key has other uses, and what is told by one of them is to say nothing of the others.
    private const ulong Purpose = 0x484F_4C44_4F55_5421;

    /// <summary>Returns the arm of a request's visitor.</summary>
    /// <param name="http">The request.</param>
    /// <param name="holdOut">The share of visitors held out, in percent.</param>
    /// <returns>
    /// <see cref="Arm.None"/> if nobody is held out, and for a client that no address tells from others: the machine itself (who tries a
    /// proxy there is to see what visitors see, and so is an intermediary that says nothing of them) and Unix sockets.
    /// </returns>
    public Visitor Of(HttpContext http, int holdOut)
    {
        if (holdOut <= 0 || http.Connection.RemoteIpAddress is not { } address || IsItself(address))
        {
            return default;
        }

        var network = AddressPrefix.NetworkOf(address);
        Span<byte> where = stackalloc byte[13];
        BinaryPrimitives.WriteUInt64LittleEndian(where, network.Bits);
        where[8] = network.Version;
        var seed = (long)(clients.Key ^ Purpose);
        var place = XxHash3.HashToUInt64(where[..9], seed);
        BinaryPrimitives.WriteInt32LittleEndian(where[9..], (int)(time.GetUtcNow().UtcTicks / TimeSpan.TicksPerDay));
        var agent = http.Request.Headers.UserAgent.ToString().AsSpan();
        agent = agent[..Math.Min(agent.Length, MaxAgentLength)];
        var id = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(agent), (long)XxHash3.HashToUInt64(where, seed));
        return new Visitor((id >> 11) * (100.0 / (1UL << 53)) < holdOut ? Arm.HeldOut : Arm.Delivered, id, place);
    }

    private static bool IsItself(IPAddress address) =>
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) is var bare
            && (bare.Equals(IPAddress.Loopback) || bare.Equals(IPAddress.IPv6Loopback));
}
