namespace PushProxy.Http2.Requests;

/// <summary>The features of a request that can neither push nor send 1xx responses.</summary>
/// <param name="push">Why not.</param>
/// <param name="inform">Likewise.</param>
internal sealed class NoRequestFeatures(PushOutcome push, InformationalOutcome inform) : RequestFeatures
{
    public static readonly NoRequestFeatures Instance = new(PushOutcome.NotHttp2, InformationalOutcome.NotSupported);

    /// <summary>On an endpoint that has its middlewares in the wrong order.</summary>
    public static readonly NoRequestFeatures BeforeTls = new(PushOutcome.BeforeTls, InformationalOutcome.BeforeTls);

    protected override PushOutcome CanPush => push;

    protected override InformationalOutcome CanInform => inform;

    public override PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET")
        => new(push, null);

    public override ValueTask<InformationalOutcome> SendAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> headers)
        => ValueTask.FromResult(inform);
}
