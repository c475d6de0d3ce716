using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>For whom a piece of learning is done. Both are shares: nobody else waits for a client or a host that wants too much.</summary>
/// <param name="Client">The client whose view caused it.</param>
/// <param name="Host">The authority of the page, in lower case.</param>
internal readonly record struct Party(AddressPrefix Client, string Host);
