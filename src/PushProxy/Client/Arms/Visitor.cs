using PushProxy.Model;

namespace PushProxy.Client.Arms;

/// <summary>Who views a page, as far as it matters to the comparison of arms. The default value is nobody that is compared.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Id">Tells visitors of a day apart.</param>
/// <param name="Network">Tells networks apart.</param>
internal readonly record struct Visitor(Arm Arm, ulong Id, ulong Network);
