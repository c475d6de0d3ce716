using System.Globalization;

namespace PushProxy.Model;

/// <summary>In what an answer differs from a shell.</summary>
/// <param name="Fault">The kind; <see cref="ShellFault.None"/> if it begins with the shell.</param>
/// <param name="Detail">The field, or the status; null if the bytes differ.</param>
internal readonly record struct ShellVerdict(ShellFault Fault, string? Detail = null)
{
    /// <summary>How many bytes are the same.</summary>
    public int Same { get; init; }

    /// <summary>The kind and the place, for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Fault.Name()}: {Detail ?? string.Create(CultureInfo.InvariantCulture, $"byte {Same}")}");
}
