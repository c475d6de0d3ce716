using Microsoft.AspNetCore.Http;
using PushProxy.Proof;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// Finds which view a record of a browser is about. A record has no identifier, so the arm and the visitor are found anew from the request
/// that brings it, in the same way as for the page.
/// </summary>
internal interface IViewGroups
{
    /// <summary>Finds the view.</summary>
    /// <param name="http">
    /// The request that brings the record: the visitor's connection, address and <c>User-Agent</c>. Its endpoint is that of the page's
    /// route.
    /// </param>
    /// <param name="path">The path of the page, as the browser asked for it.</param>
    /// <param name="view">The view.</param>
    /// <returns>False if it is of no view that is compared.</returns>
    bool TryFind(HttpContext http, string path, out ViewGroup view);
}
