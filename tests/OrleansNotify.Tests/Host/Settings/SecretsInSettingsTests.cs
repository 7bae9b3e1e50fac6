using Microsoft.Extensions.Configuration;
using OrleansNotify.Host.Settings;

namespace OrleansNotify.Tests.Host.Settings;

/// <summary>A secret may stand in any setting that is an address, by mistake or by habit: what is refused is not shown.</summary>
public sealed class SecretsInSettingsTests
{
    [Theory]
    [InlineData("SMTP_HOST", "smtp://mailer:hunter2@smtp.example:587")]
    [InlineData("SMTP_HOST", "mailer:hunter2@smtp.example")]
    [InlineData("TELEGRAM_API_BASE_URL", "https://api.telegram.org/bot100:hunter2/")]
    [InlineData("TELEGRAM_API_BASE_URL", "https://api.telegram.org?token=hunter2")]
    [InlineData("TELEGRAM_API_BASE_URL", "https://bot:hunter2@api.telegram.org")]
    [InlineData("TELEGRAM_API_BASE_URL", "bot100:hunter2@api.telegram.org")]
    [InlineData("NOTIFY_PUBLIC_URL", "https://ops:hunter2@notify.example")]
    [InlineData("NOTIFY_PUBLIC_URL", "ftp://ops:hun/hunter2@notify.example")]
    [InlineData("NOTIFY_JWT_AUTHORITY", "https://client:hunter2@login.example")]
    [InlineData("PUSH_ALLOWED_ORIGINS", "https://push.example/hunter2")]
    [InlineData("PUSH_ALLOWED_ORIGINS", "https://a:hunter2@push.example")]
    [InlineData("URLS", "http://ops:hunter2@127.0.0.1:5080")]
    [InlineData("URLS", "ops:hunter2@127.0.0.1:5080")]
    [InlineData("ORLEANS_ADVERTISED_IP", "ops:hunter2@10.0.0.1")]
    [InlineData("REDIS_CONNECTION", "redis://default:hunter2@")]
    [InlineData("SMTP_PASSWORD_FILE", "hunter2")]
    [InlineData("SMTP_PASSWORD_FILE", "/hunter2/none")]
    [InlineData("VAPID_PRIVATE_KEY_FILE", "hunter2\0")]
    public void What_is_refused_is_told_by_its_name_and_not_shown(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        var problems = Assert.Throws<SettingsException>(() => SettingsReader.Read(configuration, development: true)).Problems;

        Assert.Contains(problems, line => line.Contains(key == "URLS" ? "ASPNETCORE_URLS: " : key + ": ", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://ops:secret@notify.example/path?x=y", "\"https://…@notify.example/…\"")]
    [InlineData("ops:sec/ret@notify.example", "\"…@notify.example\"")]
    [InlineData("smtp.example", "\"smtp.example\"")]
    [InlineData("http://", "\"http://\"")]
    public void Of_an_address_scheme_and_host_are_shown(string address, string shown) => Assert.Equal(shown, SettingValues.Shown(address));
}
