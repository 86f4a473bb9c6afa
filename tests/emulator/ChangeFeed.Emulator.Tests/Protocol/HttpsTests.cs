using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Tests.Protocol;

/// <summary>HTTPS with a certificate of one's own, and what those are told who come with the other scheme.</summary>
public sealed class HttpsTests : IDisposable
{
    private const string Password = "open sesame";

    private readonly TemporaryDirectory _directory = new();
    private readonly X509Certificate2 _certificate = NewCertificate();

    [Theory]
    [InlineData("pfx")]
    [InlineData("pfx with a password")]
    [InlineData("pem")]
    [InlineData("pem and a key")]
    [InlineData("pem with a password")]
    public async Task A_certificate_of_ones_own_is_served_whatever_file_it_is_in(string kind)
    {
        await using var host = await EmulatorHost.StartAsync(Options(kind) with { Port = 0, InMemory = true });
        host.Endpoint.Scheme.ShouldBe("https");
        host.ConnectionString.ShouldStartWith("AccountEndpoint=https://127.0.0.1:");
        using var client = new CosmosClient(host.ConnectionString, new()
        {
            ConnectionMode = ConnectionMode.Gateway,
            LimitToEndpoint = true,
            ServerCertificateCustomValidationCallback = (certificate, _, _) => certificate.Thumbprint == _certificate.Thumbprint,
        });

        Database database = await client.CreateDatabaseAsync("shop");
        Container container = await database.CreateContainerAsync("orders", "/customer");
        await container.CreateItemAsync(new { id = "1", customer = "ada" });

        (await container.ReadItemAsync<object>("1", new("ada"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_file_that_is_none_is_told_in_one_sentence()
    {
        var missing = _directory.File("missing.pfx");
        (await RefusedAsync(new() { Certificate = missing })).ShouldBe(
            $"The certificate {missing} is not there; --certificate names a PKCS #12 or PEM file.");
        foreach (var options in new[]
        {
            Options("pfx with a password") with { CertificatePassword = "wrong" },
            Options("pem and a key") with { CertificateKey = null },
            Options("pem with a password") with { CertificatePassword = null },
        })
            (await RefusedAsync(options)).ShouldStartWith($"The certificate {options.Certificate} cannot be read with its private key: ");
        (await RefusedAsync(new() { CertificateKey = "key.pem" })).ShouldBe(
            "--certificate-key needs --certificate with the certificate it is the key of.");
    }

    [Fact]
    public async Task Who_comes_with_http_to_https_is_told_so()
    {
        await using var host = await EmulatorHost.StartAsync(Options("pfx") with { Port = 0, InMemory = true });
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new UriBuilder(host.Endpoint) { Scheme = "http" }.Uri);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("This endpoint speaks HTTPS; use an https:// address.");
    }

    [Fact]
    public async Task Who_comes_with_https_to_http_is_told_so_where_the_store_runs()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--port", "0", "--in-memory");
        using var http = new HttpClient();

        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(new UriBuilder(emulator.Endpoint) { Scheme = "https" }.Uri));

        (await emulator.ReadLineAsync()).ShouldBe("warn: ChangeFeed.Emulator[0]");
        (await emulator.ReadLineAsync()).Trim().ShouldBe(
            "A client came with an https:// address, and this endpoint speaks HTTP: "
            + $"use http://127.0.0.1:{emulator.Endpoint.Port}/, or start it with --certificate.");
        (await Running.HealthAsync(emulator.Endpoint)).ShouldBe("200 Healthy");
    }

    [Fact]
    public void The_command_line_names_the_files_and_the_environment_the_password()
    {
        var options = CommandLine.Parse(
            ["--certificate", "c.pem", "--certificate-key=k.pem"], name => name == "EMULATOR__CERTIFICATEPASSWORD" ? Password : null);

        (options.Certificate, options.CertificateKey, options.CertificatePassword).ShouldBe(("c.pem", "k.pem", Password));
    }

    private EmulatorOptions Options(string kind)
    {
        var file = _directory.File($"{kind.Replace(' ', '-')}.crt");
        var keyFile = _directory.File("key.pem");
        using var key = _certificate.GetRSAPrivateKey()!;
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        var pem = _certificate.ExportCertificatePem();
        switch (kind)
        {
            case "pfx":
                File.WriteAllBytes(file, _certificate.Export(X509ContentType.Pkcs12));
                return new() { Certificate = file };
            case "pfx with a password":
                File.WriteAllBytes(file, _certificate.Export(X509ContentType.Pkcs12, Password));
                return new() { Certificate = file, CertificatePassword = Password };
            case "pem":
                File.WriteAllText(file, $"{pem}\n{key.ExportPkcs8PrivateKeyPem()}\n");
                return new() { Certificate = file };
            case "pem and a key":
                File.WriteAllText(file, pem);
                File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
                return new() { Certificate = file, CertificateKey = keyFile };
            default:
                File.WriteAllText(file, $"{pem}\n{key.ExportEncryptedPkcs8PrivateKeyPem(Password, encryption)}\n");
                return new() { Certificate = file, CertificatePassword = Password };
        }
    }

    private static async Task<string> RefusedAsync(EmulatorOptions options) =>
        (await Should.ThrowAsync<EmulatorStartException>(() => EmulatorHost.StartAsync(options with { Port = 0, InMemory = true }))).Message;

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        // In a file again, its key can be exported.
        return X509CertificateLoader.LoadPkcs12(
            certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _directory.Dispose();
    }
}
