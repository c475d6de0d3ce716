using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Model;
using PushProxy.Knowledge.Shells;

namespace PushProxy.Forwarding.Shells;

/// <summary>
/// The response that what forwards a request fills after a shell was sent. As long as it is what the shell said, what the client has is
/// left out, and the rest passes. When it is something else, the client is told to load the page again, and the answer is kept for that.
/// </summary>
internal sealed class ShellResponse : ShellHead, IHttpResponseBodyFeature, IHttpResetFeature
{
    private readonly HttpContext _http;
    private readonly Shell _shell;
    private readonly KeptAnswers _keeping;
    private readonly IHttpResponseBodyFeature _clientBody;
    private readonly ShellLifetime _lifetime;
    private readonly Action<ShellResponse> _wentWrong;
    private readonly IHttpResetFeature? _clientReset;
    private PrefixMatch _match;
    private KeptAnswer? _kept;
    private PipeWriter? _writer;
    private bool _isPlaced;
    private bool _isBroken;
    private volatile bool _isWrong;

    private ShellResponse(
        HttpContext http, Shell shell, IHeaderDictionary before, KeptAnswers keeping, ShellLifetime lifetime,
        Action<ShellResponse> wentWrong)
        : base(http.Features.GetRequiredFeature<IHttpResponseFeature>(), before)
    {
        (_http, _shell, _keeping, _match) = (http, shell, keeping, new PrefixMatch(shell.Bytes));
        (_lifetime, _wentWrong) = (lifetime, wentWrong);
        _clientBody = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _clientReset = http.Features.Get<IHttpResetFeature>();
        lifetime.Aborted = Abort;
    }

    /// <summary>In what the origin's answer differs from the shell, as far as it has come.</summary>
    public ShellVerdict Verdict { get; private set; }

    /// <summary>Whether the client has gone before it was known whether the shell is right.</summary>
    public bool IsUndecided => !_isWrong && !_match.IsComplete;

    /// <summary>When the head of the origin's answer came, as a timestamp of the clock; 0 if it has not.</summary>
    public long AnsweredAt { get; set; }

    /// <summary>Whether the answer is kept for the client.</summary>
    public bool IsKept => _kept is not null;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>Sends a shell, and stands in for the response from then on.</summary>
    /// <param name="http">The request. Nothing of its response has left, and its header fields are those of the shell.</param>
    /// <param name="shell">The shell.</param>
    /// <param name="before">The response's header fields without those of the shell. The origin's answer is added to them.</param>
    /// <param name="keeping">Keeps the answer if the shell is wrong.</param>
    /// <param name="lifetime">The lifetime of the request.</param>
    /// <param name="wentWrong">Called when the shell turns out to be wrong, before the client hears of it.</param>
    public static async ValueTask<ShellResponse> SendAsync(
        HttpContext http, Shell shell, IHeaderDictionary before, KeptAnswers keeping, ShellLifetime lifetime,
        Action<ShellResponse> wentWrong)
    {
        await http.Response.Body.WriteAsync(shell.Bytes, http.RequestAborted).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        var response = new ShellResponse(http, shell, before, keeping, lifetime, wentWrong);
        response.Place();
        return response;
    }

    /// <summary>The origin's answer has come, and nothing has been added to it for this client.</summary>
    public ValueTask JudgeAsync()
    {
        if (StatusCode != StatusCodes.Status200OK || !HtmlType.Is(Headers.ContentType))
        {
            return GoWrongAsync(new(ShellFault.Status, $"{StatusCode}"));
        }

        if (Headers.ContentEncoding.Count > 0)
        {
            return GoWrongAsync(new(ShellFault.Encoded, Headers.ContentEncoding.ToString()));
        }

        return _shell.Fields.Difference(Headers) is { } field ? GoWrongAsync(new(ShellFault.Field, field)) : default;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        if (_kept is null && !_match.IsComplete && !_isWrong)
        {
            var same = _match.Take(buffer.Span);
            if (_match.Differs)
            {
                await GoWrongAsync(new(ShellFault.Bytes) { Same = _match.Same }).ConfigureAwait(false);
                await KeepAsync(_shell.Bytes[..(_match.Same - same)], cancellationToken).ConfigureAwait(false);
            }
            else
            {
                buffer = buffer[same..];
            }
        }

        if (buffer.IsEmpty)
        {
            return;
        }

        if (!_isWrong)
        {
            await _clientBody.Stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await KeepAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_isWrong && _match.IsComplete)
        {
            await _clientBody.Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What forwards has returned. A shell that is not complete is wrong.</summary>
    /// <param name="failed">Whether the origin did not answer, or broke its answer off.</param>
    public async Task FinishAsync(bool failed)
    {
        if (_writer is not null)
        {
            await _writer.CompleteAsync().ConfigureAwait(false);
        }

        if (IsUndecided && !_isBroken && !_lifetime.IsClientGone)
        {
            StatusCode = _lifetime.HasTimedOut ? StatusCodes.Status504GatewayTimeout : StatusCode;
            var answered = !failed && StatusCode == StatusCodes.Status200OK;
            await GoWrongAsync(answered
                ? new(ShellFault.Short) { Same = _match.Same } : new(ShellFault.NoAnswer, $"{StatusCode}")).ConfigureAwait(false);
            await StartAsync().ConfigureAwait(false);
            await KeepAsync(_shell.Bytes[.._match.Same], CancellationToken.None).ConfigureAwait(false);
        }

        if (_kept is { } kept)
        {
            await StartAsync().ConfigureAwait(false);
            if (_isBroken)
            {
                kept.Fail();
            }
            else
            {
                kept.Complete();
            }
        }

        Remove();
    }

    public void DisableBuffering() => _clientBody.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await StartAsync().ConfigureAwait(false);
        if (!_isWrong)
        {
            await _clientBody.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The answer is broken off. A client that was told to load the page again is not told so, but the one that does.</summary>
    private void Abort()
    {
        _isBroken = true;
        if (_isWrong)
        {
            _kept?.Fail();
        }
        else
        {
            _lifetime.Aborted = null;
            _lifetime.Abort();
        }
    }

    void IHttpResetFeature.Reset(int errorCode)
    {
        _isBroken = true;
        if (_isWrong)
        {
            _kept?.Fail();
        }
        else
        {
            _clientReset?.Reset(errorCode);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override void Flush()
    {
    }

    protected override void Started() => _kept?.Begin(StatusCode, Headers);

    private async ValueTask GoWrongAsync(ShellVerdict verdict)
    {
        if (_isWrong)
        {
            return;
        }

        // It is kept before the client hears of it.
        (Verdict, _kept, _isWrong) = (verdict, _keeping.Keep(_http), true);
        _kept?.Unwanted.UnsafeRegister(static lifetime => ((ShellLifetime)lifetime!).Cancel(), _lifetime);
        _lifetime.Keep();
        _wentWrong(this);
        try
        {
            await _clientBody.Stream.WriteAsync(ReloadMarker.For(_shell, _http.Request)).ConfigureAwait(false);
            await _clientBody.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It has gone, or loads the page again already.
        }

        if (_kept is null)
        {
            _lifetime.Cancel();
        }
        else if (HasStarted)
        {
            _kept.Begin(StatusCode, Headers);
        }
    }

    private ValueTask KeepAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _kept?.WriteAsync(bytes, cancellation) ?? default;

    private void Place()
    {
        _isPlaced = true;
        _http.Features.Set<IHttpResponseFeature>(this);
        _http.Features.Set<IHttpResponseBodyFeature>(this);
        if (_clientReset is not null)
        {
            _http.Features.Set<IHttpResetFeature>(this);
        }
    }

    private void Remove()
    {
        if (!_isPlaced)
        {
            return;
        }

        _isPlaced = false;
        _http.Features.Set(ClientHead);
        _http.Features.Set(_clientBody);
        if (_clientReset is not null)
        {
            _http.Features.Set(_clientReset);
        }
    }
}
