namespace PushProxy.Model;

/// <summary>
/// Where a client is, as hashes that only this process can make. Many connections and many invented cookies cost a client nothing, but an
/// address that answers does. The default value is an address that is not known.
/// </summary>
/// <param name="Network">The hash of the network: the first 24 bits of an IPv4 address, 48 of an IPv6 address. 0 if not known.</param>
/// <param name="Host">The hash of the address: all of an IPv4 address, the first 64 bits of an IPv6 address. 0 if not known.</param>
internal readonly record struct ClientAddress(ulong Network, ulong Host);
