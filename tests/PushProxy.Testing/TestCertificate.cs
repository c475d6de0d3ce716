using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PushProxy.Testing;

/// <summary>A self-signed certificate for localhost and 127.0.0.1, in memory and as PEM files.</summary>
public sealed class TestCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-cert-");

    /// <summary>Makes a key pair and its certificate, valid from an hour ago for a day.</summary>
    public TestCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        CertificateFile = Path.Combine(_folder.FullName, "cert.pem");
        KeyFile = Path.Combine(_folder.FullName, "key.pem");
        File.WriteAllText(CertificateFile, Certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>PEM.</summary>
    public string CertificateFile { get; }

    /// <summary>PEM, PKCS #8.</summary>
    public string KeyFile { get; }

    /// <summary>What Chromium's <c>--ignore-certificate-errors-spki-list</c> takes.</summary>
    public string SpkiHash => SpkiHashOf(Certificate);

    /// <summary>The hash of a certificate's public key, as Chromium's <c>--ignore-certificate-errors-spki-list</c> takes it.</summary>
    public static string SpkiHashOf(X509Certificate2 certificate) =>
        Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>What the tests' clients trust: any certificate that signs itself, as the tests' own and the product's do.</summary>
    public static bool AcceptSelfSigned(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && certificate.Issuer == certificate.Subject;

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
