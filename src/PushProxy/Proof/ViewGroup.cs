using PushProxy.Model;

namespace PushProxy.Proof;

/// <summary>What a page view is compared by.</summary>
/// <param name="Arm">The arm of its visitor.</param>
/// <param name="Visitor">Tells visitors apart, as a hash that only this site's instances can make.</param>
/// <param name="Page">The group of pages: the route and the folder of the path.</param>
/// <param name="Protocol">The protocol of the request, for instance <c>HTTP/2</c>.</param>
/// <param name="Channel">What this client takes: <c>push</c>, <c>early-hints</c> or <c>link</c>.</param>
/// <param name="IsFirst">Whether it is the first view of its connection.</param>
internal readonly record struct ViewGroup(Arm Arm, ulong Visitor, string Page, string Protocol, string Channel, bool IsFirst);
