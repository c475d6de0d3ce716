namespace PushProxy.Model;

/// <summary>
/// Where a client is, as hashes that only this process can make. Many connections and many invented cookies cost a client nothing, but an
/// address that answers does. The default value is an address that is not known.
/// </summary>
/// <param name="Network">The hash of <see cref="AddressPrefix.NetworkOf"/>; 0 if not known.</param>
/// <param name="Host">The hash of <see cref="AddressPrefix.HostOf"/>; 0 if not known.</param>
internal readonly record struct ClientAddress(ulong Network, ulong Host);
