using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Certificates;

/// <summary>Certificates as authorities hand them out: a leaf signed by an intermediate signed by a root.</summary>
internal static class Certs
{
    public static X509Certificate2 Authority(string name, X509Certificate2? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return Sign(request, key, issuer);
    }

    public static X509Certificate2 Leaf(string[] hosts, X509Certificate2? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(hosts[0], key);
        var names = new SubjectAlternativeNameBuilder();
        Array.ForEach(hosts, names.AddDnsName);
        request.CertificateExtensions.Add(names.Build());
        return Sign(request, key, issuer);
    }

    /// <summary>The certificate as others see it, without its key.</summary>
    public static X509Certificate2 PublicPart(this X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    public static string KeyPem(this X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static string EncryptedKeyPem(this X509Certificate2 certificate, string password)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    }

    /// <summary>Writes a new certificate with its key into one PEM file and returns its thumbprint.</summary>
    public static string Write(TempFolder folder, string file, params string[] hosts)
    {
        using var certificate = Leaf(hosts);
        folder.Write(file, certificate.ExportCertificatePem() + "\n" + certificate.KeyPem());
        return certificate.Thumbprint;
    }

    private static CertificateRequest Request(string name, ECDsa key) => new($"CN={name}", key, HashAlgorithmName.SHA256);

    private static X509Certificate2 Sign(CertificateRequest request, ECDsa key, X509Certificate2? issuer)
    {
        var now = DateTimeOffset.UtcNow;
        if (issuer is null)
        {
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        }

        using var signed = request.Create(issuer, now.AddDays(-1), now.AddDays(29), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
