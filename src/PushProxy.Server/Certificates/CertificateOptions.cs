namespace PushProxy.Server.Certificates;

/// <summary>One certificate: PEM with its key in the same or another file, or a PFX.</summary>
internal sealed record CertificateOptions
{
    public required string Path { get; init; }

    public string? KeyPath { get; init; }

    public string? Password { get; init; }

    public static CertificateOptions From(IConfiguration section) => new()
    {
        Path = section[nameof(Path)] ?? "",
        KeyPath = section[nameof(KeyPath)] is { Length: > 0 } key ? key : null,
        Password = section[nameof(Password)] is { Length: > 0 } password ? password : null,
    };
}
