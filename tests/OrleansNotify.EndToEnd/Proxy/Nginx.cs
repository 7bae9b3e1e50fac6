using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Proxy;

/// <summary>Debian's nginx, ending TLS before a host with the headers that its documentation tells to add, in a folder of its own.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notify-nginx-");
    private ChildProcess? _process;

    private Nginx()
    {
    }

    /// <summary>The port that it takes TLS on, known before it starts, since a host's public URL names it.</summary>
    public int Port { get; } = FreePort.Find();

    public Uri Url => new($"https://localhost:{Port}");

    public static Nginx Prepare()
    {
        Needs.Program("nginx");
        return new Nginx();
    }

    public async Task PutBefore(string host)
    {
        using var key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "cert.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        var configuration = Path.Combine(_folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            master_process off;
            pid {{_folder.FullName}}/nginx.pid;
            error_log stderr notice;
            events {}
            http {
              access_log off;
              client_body_temp_path {{_folder.FullName}}/body;
              proxy_temp_path {{_folder.FullName}}/proxy;
              fastcgi_temp_path {{_folder.FullName}}/fastcgi;
              uwsgi_temp_path {{_folder.FullName}}/uwsgi;
              scgi_temp_path {{_folder.FullName}}/scgi;
              server {
                listen 127.0.0.1:{{Port}} ssl;
                ssl_certificate {{_folder.FullName}}/cert.pem;
                ssl_certificate_key {{_folder.FullName}}/key.pem;
                location / {
                  proxy_pass {{host}};
                  proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                  proxy_set_header X-Forwarded-Proto $scheme;
                }
              }
            }
            """);
        _process = ChildProcess.Start("nginx", ["-p", _folder.FullName, "-c", configuration, "-e", "stderr"]);
        await _process.WaitForLine(line => line.Contains("start worker process", StringComparison.Ordinal) || line.Contains("using the", StringComparison.Ordinal), "that it is started", TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
