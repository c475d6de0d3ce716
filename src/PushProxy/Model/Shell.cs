namespace PushProxy.Model;

/// <summary>What pages begin with, to be sent before the origin has answered. It never changes.</summary>
/// <param name="Bytes">Without content coding. They end behind a tag.</param>
/// <param name="Fields">The header fields that all answers had.</param>
/// <param name="ForbidsScripts">Whether the page may forbid inline scripts, so that only markup can make a browser load it again.</param>
internal sealed record Shell(ReadOnlyMemory<byte> Bytes, ShellFields Fields, bool ForbidsScripts)
{
    /// <summary>A shorter one is not worth its risk, in bytes.</summary>
    public const int MinBytes = 256;

    /// <summary>The estimated memory, in bytes.</summary>
    public long Size => 64 + Bytes.Length + Fields.Size;
}
