using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PushProxy.Server.Certificates;

/// <summary>A certificate with its key and the intermediates that came in its file.</summary>
internal sealed class CertificateFile : IDisposable
{
    private CertificateFile(X509Certificate2 leaf, X509Certificate2Collection chain) => (Leaf, Chain) = (leaf, chain);

    public X509Certificate2 Leaf { get; }

    public X509Certificate2Collection Chain { get; }

    public static bool TryLoad(CertificateOptions options, [NotNullWhen(true)] out CertificateFile? certificate, out string error)
    {
        certificate = null;
        error = "";
        if (options.Path.Length == 0)
        {
            error = "Path is missing";
            return false;
        }

        try
        {
            certificate = IsPem(options.Path) ? LoadPem(options) : LoadPfx(options);
            if (!certificate.Leaf.HasPrivateKey)
            {
                certificate.Dispose();
                certificate = null;
                error = $"'{options.Path}' has no private key; name its file in KeyPath (--key)";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            error = $"can't load '{options.Path}'{(options.KeyPath is null ? "" : $" with '{options.KeyPath}'")}: {e.Message}"
                + (options.Password is null ? PasswordHint(options) : "");
        }

        return certificate is not null;
    }

    public void Dispose()
    {
        Leaf.Dispose();
        foreach (var intermediate in Chain)
        {
            intermediate.Dispose();
        }
    }

    // A PFX with a password can't be told from a broken one.
    private static string PasswordHint(CertificateOptions options)
    {
        try
        {
            return !IsPem(options.Path) ? " If it has a password, set Password"
                : File.ReadAllText(options.KeyPath ?? options.Path).Contains("ENCRYPTED", StringComparison.Ordinal)
                    ? " The key is encrypted; set Password"
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool IsPem(string path) => File.ReadAllBytes(path).AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static CertificateFile LoadPem(CertificateOptions options)
    {
        var key = options.KeyPath ?? options.Path;
        using var pem = options.Password is null
            ? X509Certificate2.CreateFromPemFile(options.Path, key)
            : X509Certificate2.CreateFromEncryptedPemFile(options.Path, options.Password, key);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(options.Path);
        var chain = new X509Certificate2Collection();
        foreach (var other in all)
        {
            if (other.Thumbprint == pem.Thumbprint)
            {
                other.Dispose();
            }
            else
            {
                chain.Add(other);
            }
        }

        // A key straight from PEM is ephemeral, which some platforms can't serve TLS with.
        return new CertificateFile(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), chain);
    }

    private static CertificateFile LoadPfx(CertificateOptions options)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.Path, options.Password);
        var leaf = all.FirstOrDefault(c => c.HasPrivateKey)
            ?? all.FirstOrDefault()
            ?? throw new CryptographicException("it holds no certificate");
        var chain = new X509Certificate2Collection();
        chain.AddRange(all.Where(c => !ReferenceEquals(c, leaf)).ToArray());
        return new CertificateFile(leaf, chain);
    }
}
