using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>A resource that a client was told before its own page had been read.</summary>
/// <param name="Resource">The resource, as an earlier answer named it.</param>
/// <param name="Channel">The channel by which the client was told.</param>
internal readonly record struct ToldResource(CriticalResource Resource, DeliveryChannel Channel);
