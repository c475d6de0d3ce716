namespace PushProxy.Http2.Requests;

/// <summary>The features of a request that can neither push nor send 1xx responses.</summary>
internal sealed class NoRequestFeatures : RequestFeatures
{
    public static readonly NoRequestFeatures Instance = new();

    protected override PushOutcome CanPush => PushOutcome.NotHttp2;

    protected override InformationalOutcome CanInform => InformationalOutcome.NotSupported;

    public override PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET")
        => new(PushOutcome.NotHttp2, null);

    public override ValueTask<InformationalOutcome> SendAsync(int statusCode, IEnumerable<KeyValuePair<string, string>> headers)
        => ValueTask.FromResult(InformationalOutcome.NotSupported);
}
