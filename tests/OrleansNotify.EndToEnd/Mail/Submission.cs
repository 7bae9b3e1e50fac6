using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Mail;

/// <summary>A Postfix that takes mail as a provider does: over TLS, from whom it knows, with a proper EHLO, over few connections.</summary>
internal static class Submission
{
    /// <summary>Connections at a time.</summary>
    public const int Connections = 3;

    /// <summary>A mail that names this instrument is refused after its final dot, as one that is malformed.</summary>
    public const string Malformed = "XAUUSD";

    /// <summary>A mail that names this instrument is refused after its final dot, for the account has sent enough today.</summary>
    public const string OverQuota = "GBPUSD";

    private const string User = "notify", Realm = "mail.real.example", Password = "correct horse";

    /// <summary>The settings of a host that may send.</summary>
    public static Dictionary<string, string> Environment(Postfix postfix, string password = Password) => HostEnvironment.Smtp(postfix.Port).With(new Dictionary<string, string>
    {
        ["SMTP_SECURITY"] = "starttls",
        ["SMTP_USER"] = $"{User}@{Realm}",
        ["SMTP_PASSWORD"] = password,
        ["SSL_CERT_FILE"] = Path.Combine(postfix.Etc, "certificate.pem"),
    });

    /// <summary>Writes what Postfix needs; the answer is what its main.cf says of it.</summary>
    public static async Task<string> Prepare(string etc, int policy)
    {
        await WriteCertificate(etc);
        await WriteAccount(etc);
        await File.WriteAllTextAsync(Path.Combine(etc, "header_checks"), $"""
            /^Subject:.*{Malformed}/ REJECT 5.6.0 Malformed
            /^Subject:.*{OverQuota}/ REJECT 5.4.5 Daily user sending limit exceeded

            """);
        return $"""
            smtpd_tls_chain_files = {etc}/chain.pem
            smtpd_tls_security_level = encrypt
            smtpd_tls_received_header = yes
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_path = smtpd
            smtpd_sasl_authenticated_header = yes
            cyrus_sasl_config_path = {etc}/sasl
            smtpd_client_restrictions = permit_sasl_authenticated, reject
            smtpd_helo_required = yes
            smtpd_helo_restrictions = reject_non_fqdn_helo_hostname
            smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{policy}
            smtpd_client_connection_count_limit = {Connections}
            smtpd_client_event_limit_exceptions =
            header_checks = regexp:{etc}/header_checks

            """;
    }

    private static async Task WriteCertificate(string etc)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=mail.real.example", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(etc, "certificate.pem"), certificate.ExportCertificatePem() + "\n");
        await File.WriteAllTextAsync(Path.Combine(etc, "chain.pem"), $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
    }

    private static async Task WriteAccount(string etc)
    {
        var database = Path.Combine(Path.GetDirectoryName(etc)!, "data", "sasldb");
        // Where Debian's Postfix looks, whatever its settings say.
        var sasl = Directory.CreateDirectory(Path.Combine(etc, "sasl")).FullName;
        await File.WriteAllTextAsync(Path.Combine(sasl, "smtpd.conf"), $"""
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            sasldb_path: {database}
            mech_list: PLAIN LOGIN

            """);
        var password = Path.Combine(etc, "password");
        await File.WriteAllTextAsync(password, Password);
        await Postfix.Run("sh", "-c", $"saslpasswd2 -p -c -f '{database}' -u {Realm} {User} <'{password}'");
        await Postfix.Run("chown", "postfix:postfix", database);
    }
}
