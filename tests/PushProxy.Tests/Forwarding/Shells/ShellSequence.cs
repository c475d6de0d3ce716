using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Forwarding.Shells;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Forwarding.Shells;

/// <summary>One request whose shell is sent, from the shell to the end of the answer, and the client's second request if it is told so.</summary>
internal sealed class ShellSequence : IDisposable
{
    private readonly int _seed;
    private readonly ShellPlan _plan;
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryStream _written = new();
    private readonly List<ShellFault> _told = [];
    private readonly ClientSide _client;
    private ClientSide? _again;
    private readonly HttpContext _http;
    private readonly KeptAnswers _keeping;
    private ShellResponse _response = null!;
    private Task? _reload;
    private bool _isExpired;
    private bool _isStarted;
    private bool _failed;
    private int _steps;

    public ShellSequence(int seed)
    {
        (_seed, _plan) = (seed, new ShellPlan(seed));
        _client = new ClientSide { ThrowsWhenGone = _plan.Once(2) };
        _http = _client.Request();
        _keeping = new KeptAnswers(new ShellOptions { MaxKeptAnswers = _plan.IsFull ? 0 : 1, MaxKeptBytes = _plan.MaxKeptBytes }, _time);
    }

    /// <summary>Whether the shell was wrong, and the client has the answer after all.</summary>
    public bool WasKept { get; private set; }

    public void Dispose()
    {
        _client.Dispose();
        _again?.Dispose();
        _written.Dispose();
    }

    public override string ToString() => $"sequence {_seed}: {_plan}";

    public async Task RunAsync()
    {
        var before = new HeaderDictionary { ["Alt-Svc"] = "h3" };
        _plan.Shell.Fields.WriteTo(_http.Response.Headers);
        using (var lifetime = ShellLifetime.Place(_http))
        {
            await AnswerAsync(before, lifetime);
        }

        await EndAsync(_failed);
    }

    private async Task AnswerAsync(HeaderDictionary before, ShellLifetime lifetime)
    {
        _response = await ShellResponse.SendAsync(_http, _plan.Shell, before, _keeping, lifetime);
        _response.WentWrong = response =>
        {
            Assert.Equal(_plan.IsFull || _client.IsAborted, !_response.IsKept);
            Assert.Equal(_plan.Shell.Bytes.Length, _client.Length);
            _told.Add(response.Verdict.Fault);
        };
        _http.Response.OnStarting(static headers =>
        {
            ((IHeaderDictionary)headers)["X-Starting"] = "1";
            return Task.CompletedTask;
        }, _http.Response.Headers);
        Assert.Equal(_plan.Shell.Bytes.ToArray(), _client.Bytes);
        Leave();
        _failed = await ForwardAsync();
        await UnblockAsync(_response.FinishAsync(_failed));
    }

    // As YARP's forwarder does.
    private async Task<bool> ForwardAsync()
    {
        if (_plan.BreaksAt == -1)
        {
            _http.Response.StatusCode = 502;
            return true;
        }

        _http.Response.StatusCode = _plan.Status;
        foreach (var field in _plan.Headers)
        {
            _http.Response.Headers[field.Key] = field.Value;
        }

        await _response.JudgeAsync();
        _http.Response.Headers["X-Added"] = "1";
        try
        {
            await CopyAsync(_plan.Body.AsMemory(0, _plan.BreaksAt ?? _plan.Body.Length));
            if (_plan.BreaksAt is null)
            {
                return false;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }

        _isStarted = _http.Response.HasStarted;
        if (!_isStarted)
        {
            _http.Response.StatusCode = 502;
        }
        else if (_plan.Once(2))
        {
            _http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(2);
        }
        else
        {
            _http.Abort();
        }

        return true;
    }

    private async Task CopyAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            Leave();
            _http.RequestAborted.ThrowIfCancellationRequested();
            if (_plan.Once(6))
            {
                await (_plan.Once(2) ? _http.Response.StartAsync(_http.RequestAborted)
                    : _http.Response.Body.FlushAsync(_http.RequestAborted));
            }

            if (bytes.IsEmpty)
            {
                break;
            }

            var piece = bytes[.._plan.Piece(bytes.Length)];
            bytes = bytes[piece.Length..];
            _written.Write(piece.Span);
            await UnblockAsync(_plan.Once(8) ? _http.Response.BodyWriter.WriteAsync(piece, _http.RequestAborted).AsTask()
                : _http.Response.Body.WriteAsync(piece, _http.RequestAborted).AsTask());
            if (_client.IsComplete && _plan.Once(3))
            {
                Reload();
            }
        }

        if (_plan.BreaksAt is null && _plan.Once(4))
        {
            await UnblockAsync(_http.Response.CompleteAsync());
        }
    }

    // What does not go on by itself waits for the client to come again, or for the time when it is too late.
    private Task UnblockAsync(Task writing)
    {
        if (!writing.IsCompleted && _reload is null)
        {
            Assert.True(_client.IsComplete);
            if (_plan.Reloads)
            {
                Reload();
            }
            else
            {
                Expire();
            }
        }

        return writing;
    }

    private void Leave()
    {
        if (_steps++ == _plan.LeavesAt)
        {
            _client.Abort();
        }
    }

    private void Reload()
    {
        if (!_plan.Reloads || _reload is not null)
        {
            return;
        }

        Assert.Null(_keeping.Take(new ClientSide().Request(target: "/page")));
        _again = new ClientSide { LeavesAfter = _plan.ReloadLeavesAfter, ThrowsWhenGone = _plan.Once(2) };
        var http = _again.Request();
        var kept = _keeping.Take(http);
        Assert.Equal(!_plan.IsFull, kept is not null);
        Assert.Null(_keeping.Take(http));
        _reload = kept?.AnswerAsync(http) ?? Task.CompletedTask;
    }

    private void Expire()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        _isExpired = true;
    }

    private async Task EndAsync(bool failed)
    {
        Assert.Same(_client, _http.Features.Get<IHttpResponseFeature>());
        Assert.Same(_client, _http.Features.Get<IHttpResponseBodyFeature>());
        Assert.Same(_client, _http.Features.Get<IHttpRequestLifetimeFeature>());
        Assert.Same(_client, _http.Features.Get<IHttpResetFeature>());
        Assert.Equal("text/html; charset=utf-8", _client.Sent["Content-Type"]);
        Assert.Equal(3, _client.Sent.Count);
        byte[] told = [.. _plan.Shell.Bytes.Span, .. ReloadMarker.For(_plan.Shell, _http.Request).Span];
        var written = _written.ToArray();
        var fault = _plan.FaultOf(written, failed, _isStarted);
        if (_client.IsAborted && !_client.IsComplete)
        {
            // It left before it was told anything, or the origin broke off an answer that was right so far.
            Assert.True(_plan.LeavesAt is not null || failed);
            Assert.True(told.AsSpan().StartsWith(_client.Bytes) || written.AsSpan().StartsWith(_client.Bytes));
            Assert.True(_plan.LeavesAt is not null || fault is null or ShellFault.None);
            Assert.Equal(0, _keeping.Count);
            Assert.True(!_response.IsRight || fault == ShellFault.None);
            return;
        }

        Assert.Equal(fault == ShellFault.None, _response.IsRight);
        Assert.Equal(fault == ShellFault.None ? [] : [fault!.Value], _told);
        Assert.Equal(fault, _response.Verdict.Fault);
        if (fault == ShellFault.None)
        {
            Assert.Equal(written, _client.Bytes);
            Assert.False(failed);
            Assert.Equal(0, _keeping.Count);
            return;
        }

        Assert.Equal(told, _client.Bytes);
        Assert.True(_client.IsComplete);
        Assert.Equal(!_plan.IsFull, _response.IsKept);
        await EndReloadAsync(failed, written);
    }

    private async Task EndReloadAsync(bool failed, byte[] written)
    {
        if (!_plan.Reloads)
        {
            Expire();
            Assert.Null(_keeping.Take(new ClientSide().Request()));
            Assert.Equal(0, _keeping.Count);
            return;
        }

        if (!_isExpired)
        {
            Reload();
        }

        try
        {
            await _reload!;
        }
        catch (OperationCanceledException) when (_again!.IsAborted)
        {
        }
        catch (IOException) when (_again!.IsAborted)
        {
        }

        Assert.Equal(0, _keeping.Count);
        if (_plan.IsFull)
        {
            return;
        }

        var isBroken = failed && _isStarted;
        if (_plan.ReloadLeavesAfter < int.MaxValue && _again!.IsAborted)
        {
            Assert.True(written.AsSpan().StartsWith(_again.Bytes));
            return;
        }

        WasKept = true;
        Assert.Equal(isBroken, _again!.IsAborted);
        Assert.Equal(written, _again.Bytes);
        Assert.Equal(failed && !_isStarted ? 502 : _plan.Status, _again.StatusCode);
        var expected = _plan.FieldsOfTheAnswer();
        Assert.Equal(expected.OrderBy(f => f.Key), _again.Headers.OrderBy(f => f.Key));
        Assert.Equal(expected.Select(f => f.Key).Order(), _again.Sent.Keys.Order());
    }
}
