using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Forwarding.Shells;

/// <summary>A page's body on its way to the client, which is compared with the shells that it teaches or that were sent for it.</summary>
/// <param name="inner">The response.</param>
/// <param name="views">What compares.</param>
/// <param name="copy">What takes the bytes if they have a content coding; null if they have none.</param>
internal sealed class ShellBody(IHttpResponseBodyFeature inner, IReadOnlyList<ShellView> views, EncodedBeginning? copy) : PassingBody(inner)
{
    private bool _isWhole = true;

    /// <summary>Compares the response's body from now on, as it passes.</summary>
    /// <param name="http">The request.</param>
    /// <param name="views">What compares.</param>
    /// <param name="copy">What takes the bytes if they have a content coding; null if they have none.</param>
    /// <param name="completed">Called when the body has ended, with whether all of it has passed.</param>
    public static void AddTo(HttpContext http, IReadOnlyList<ShellView> views, EncodedBeginning? copy, Action<bool> completed)
    {
        var body = new ShellBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), views, copy);
        http.Features.Set<IHttpResponseBodyFeature>(body);
        http.Response.OnCompleted(() =>
        {
            completed(body._isWhole && !OriginAnswer.IsBroken(http));
            return Task.CompletedTask;
        });
    }

    protected override void Observe(ReadOnlyMemory<byte> bytes)
    {
        if (copy is not null)
        {
            copy.Add(bytes.Span);
            return;
        }

        foreach (var view in views)
        {
            view.Observe(bytes.Span);
        }
    }

    protected override void Bypassed() => _isWhole = false;
}
