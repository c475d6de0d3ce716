using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

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
    private readonly ClientResponse _client;
    private readonly ShellLifetime _lifetime;
    private PrefixMatch _match;
    private KeptAnswer? _kept;
    private PipeWriter? _writer;
    private bool _isBroken;
    private volatile bool _isWrong;

    private ShellResponse(
        HttpContext http, ClientResponse client, Shell shell, IHeaderDictionary before, KeptAnswers keeping, ShellLifetime lifetime)
        : base(client.Head, before)
    {
        (_http, _client, _shell, _keeping, _match) = (http, client, shell, keeping, new PrefixMatch(shell.Bytes));
        _lifetime = lifetime;
        _lifetime.Aborted = Abort;
    }

    /// <summary>In what the origin's answer differs from the shell, as far as it has come.</summary>
    public ShellVerdict Verdict { get; private set; }

    /// <summary>Whether the answer began with the shell. It may be neither right nor wrong: broken off, or not waited for.</summary>
    public bool IsRight => !_isWrong && _match.IsComplete;

    /// <summary>Called once, when the answer differs, and before the client hears of it.</summary>
    public Action<ShellResponse>? WentWrong { get; set; }

    /// <summary>How long the origin took, once it has answered with a page.</summary>
    public TimeSpan ThinkTime { get; set; }

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
    public static async ValueTask<ShellResponse> SendAsync(
        HttpContext http, Shell shell, IHeaderDictionary before, KeptAnswers keeping, ShellLifetime lifetime)
    {
        await http.Response.Body.WriteAsync(shell.Bytes, http.RequestAborted).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        var client = new ClientResponse(http);
        var response = new ShellResponse(http, client, shell, before, keeping, lifetime);
        client.ReplaceBy(response);
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
        if (!_isWrong && !_match.IsComplete)
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

        if (_isWrong)
        {
            await KeepAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _client.Body.Stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        if (IsRight)
        {
            await _client.Body.Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What forwards has returned. A shell that is not complete is wrong.</summary>
    /// <param name="failed">Whether the origin did not answer, or broke its answer off.</param>
    public async Task FinishAsync(bool failed)
    {
        try
        {
            await EndAsync(failed).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody reads it.
            _kept?.Fail();
        }
        finally
        {
            _client.PutBack();
        }
    }

    public void DisableBuffering() => _client.Body.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await StartAsync().ConfigureAwait(false);
        if (_writer is not null)
        {
            await _writer.FlushAsync().ConfigureAwait(false);
        }

        // What is shorter than the shell is judged at the end, and its client is told then.
        if (IsRight)
        {
            await _client.Body.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The answer is broken off. A client that was told to load the page again is not told so, but the one that does.</summary>
    public void Abort()
    {
        if (!BreakOff())
        {
            _lifetime.AbortClient();
        }
    }

    void IHttpResetFeature.Reset(int errorCode)
    {
        if (!BreakOff())
        {
            _client.Reset?.Reset(errorCode);
        }
    }

    protected override void Started() => _kept?.Begin(StatusCode, Headers);

    private async ValueTask EndAsync(bool failed)
    {
        if (_writer is not null)
        {
            await _writer.CompleteAsync().ConfigureAwait(false);
        }

        if (!_isWrong && !_match.IsComplete && !_isBroken && !_lifetime.IsClientGone)
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
    }

    private async ValueTask GoWrongAsync(ShellVerdict verdict)
    {
        if (_isWrong)
        {
            return;
        }

        // It is kept before the client hears of it. One that has left before hears nothing.
        (Verdict, _kept, _isWrong) = (verdict, _lifetime.IsClientGone ? null : _keeping.Keep(_http), true);
        _kept?.Unwanted.UnsafeRegister(static lifetime => ((ShellLifetime)lifetime!).Cancel(), _lifetime);
        _lifetime.Keep();
        WentWrong?.Invoke(this);
        try
        {
            await _client.Body.Stream.WriteAsync(ReloadMarker.For(_shell, _http.Request)).ConfigureAwait(false);
            await _client.Body.CompleteAsync().ConfigureAwait(false);
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

    private bool BreakOff()
    {
        _isBroken = true;
        if (_isWrong)
        {
            _kept?.Fail();
        }

        return _isWrong;
    }
}
