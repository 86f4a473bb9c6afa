using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>The certificate of an endpoint that speaks HTTPS.</summary>
internal static class ServerCertificate
{
    /// <summary>Reads it; null where the endpoint speaks HTTP.</summary>
    /// <exception cref="EmulatorStartException">It cannot be read, or has no private key.</exception>
    public static X509Certificate2? Load(EmulatorOptions options)
    {
        if (options.Certificate is not { } file)
            return options.CertificateKey is null
                ? null
                : throw new EmulatorStartException("--certificate-key needs --certificate with the certificate it is the key of.");
        if (!File.Exists(file))
            throw new EmulatorStartException($"The certificate {file} is not there; --certificate names a PKCS #12 or PEM file.");
        try
        {
            return Read(file, options);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new EmulatorStartException(
                $"The certificate {file} cannot be read with its private key: {exception.Message} "
                + "Its password, if it has one, is EMULATOR__CERTIFICATEPASSWORD; a PEM key of its own is --certificate-key.",
                exception);
        }
    }

    private static X509Certificate2 Read(string file, EmulatorOptions options)
    {
        var certificate = IsPem(file)
            ? ReadPem(file, options.CertificateKey ?? file, options.CertificatePassword)
            : X509CertificateLoader.LoadPkcs12FromFile(file, options.CertificatePassword);
        return certificate.HasPrivateKey ? certificate : throw new CryptographicException("The file has no private key.");
    }

    private static X509Certificate2 ReadPem(string file, string key, string? password)
    {
        using var read = password is null
            ? X509Certificate2.CreateFromPemFile(file, key)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, key);
        // Windows serves no certificate whose key was never stored.
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }

    private static bool IsPem(string file)
    {
        using var stream = File.OpenRead(file);
        return stream.ReadByte() == '-';
    }
}
