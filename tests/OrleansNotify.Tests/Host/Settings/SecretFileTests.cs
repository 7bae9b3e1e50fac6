using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansNotify.Host.Settings;
using OrleansNotify.Tests.Host.Store;

namespace OrleansNotify.Tests.Host.Settings;

/// <summary>Secrets in files that an editor or a shell on Windows wrote.</summary>
public sealed class SecretFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private (string? Secret, IReadOnlyList<string> Problems) Read(byte[] content)
    {
        var file = _folder.File("password");
        File.WriteAllBytes(file, content);
        SettingValues values = new(new ConfigurationBuilder().AddInMemoryCollection([new("SMTP_PASSWORD_FILE", file)]).Build());
        return (values.Secret("SMTP_PASSWORD"), values.Problems);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_byte_order_mark_is_no_part_of_a_secret(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        Assert.Equal("hunter2", Read([.. encoding.Preamble, .. encoding.GetBytes("hunter2\r\n")]).Secret);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'h', 0, (byte)'u', 0 })]
    [InlineData(new byte[] { (byte)'h', 0xe9 })]
    public void What_is_not_UTF_8_is_refused(byte[] content)
    {
        var (secret, problems) = Read(content);
        Assert.Null(secret);
        Assert.Equal(["SMTP_PASSWORD_FILE: the file that it names is not UTF-8"], problems);
    }
}
