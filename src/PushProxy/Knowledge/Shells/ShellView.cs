using System.Buffers;
using Microsoft.AspNetCore.Http;
using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>
/// One answer as it passes: compared with the shell that was sent or would have been sent, and with the answers before it. One thread at a
/// time uses it.
/// </summary>
internal sealed class ShellView
{
    private readonly LearnedShell _owner;
    private readonly int _maxBytes;
    private PrefixMatch _shell;
    private PrefixMatch _window;
    private readonly ArrayBufferWriter<byte>? _copy;

    /// <param name="owner">What learns from the answer.</param>
    /// <param name="shell">The shell that it is compared with; null if there is none.</param>
    /// <param name="window">The answers before it; null if it is the first of new ones.</param>
    /// <param name="headers">Its header fields.</param>
    /// <param name="copies">Whether it may be the first of new ones.</param>
    /// <param name="maxBytes">The size of the longest shell.</param>
    /// <param name="unknownVary">"Vary" if the answer varies by fields that do not tell the owner's pages apart; else null.</param>
    public ShellView(LearnedShell owner, Shell? shell, ShellWindow? window, IHeaderDictionary headers, bool copies, int maxBytes,
        string? unknownVary)
    {
        (_owner, Shell, Window, _maxBytes) = (owner, shell, window, maxBytes);
        _shell = new(shell?.Bytes ?? default);
        _window = new(window?.Bytes.AsMemory(0, window.Common) ?? default);
        FieldFault = shell?.Fields.Difference(headers);
        if (window?.Fields is { } fields)
        {
            WindowDifference = ReferenceEquals(fields, shell?.Fields) ? FieldFault : fields.Difference(headers);
        }
        else if (window is null && copies)
        {
            (_copy, Fields) = (new(), ShellFields.Of(headers, out var obstacle));
            Obstacle = obstacle ?? unknownVary;
        }
    }

    public Shell? Shell { get; }

    public ShellWindow? Window { get; }

    /// <summary>The field in which the answer differs from the shell; null if there is none.</summary>
    public string? FieldFault { get; }

    /// <summary>The field in which the answer differs from those before it; null if there is none.</summary>
    public string? WindowDifference { get; }

    /// <summary>The answer's fields, if it is the first of new ones.</summary>
    public ShellFields? Fields { get; }

    /// <summary>The field because of which there can be no shell, if it is the first of new ones.</summary>
    public string? Obstacle { get; }

    /// <summary>How many bytes are the same as in the answers before.</summary>
    public int SameAsWindow => _window.Same;

    /// <summary>What the answer begins with, if it is the first of new ones.</summary>
    public byte[]? Copy => _copy?.WrittenSpan.ToArray();

    /// <summary>In what the answer differs from the shell.</summary>
    public ShellVerdict Verdict => Shell is null ? default
        : FieldFault is not null ? new(ShellFault.Field, FieldFault)
        : _shell.IsComplete ? default
        : new(_shell.Differs ? ShellFault.Bytes : ShellFault.Short) { Same = _shell.Same };

    /// <summary>Reads what comes next of the answer's body, without content coding.</summary>
    public void Observe(ReadOnlySpan<byte> bytes)
    {
        _shell.Take(bytes);
        _window.Take(bytes);
        _copy?.Write(bytes[..Math.Min(bytes.Length, _maxBytes - _copy.WrittenCount)]);
    }

    /// <summary>The whole answer has come.</summary>
    /// <param name="visit">The visit that it belongs to.</param>
    /// <param name="think">How long the origin took.</param>
    /// <returns>Whether what is kept has changed.</returns>
    public bool Complete(ShellVisit visit, TimeSpan think) => _owner.Learn(this, visit, think);
}
