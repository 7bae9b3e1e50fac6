using CsCheck;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Tests.Channels.Push;

/// <summary>Whatever is put together of the parts of URLs: what passes is what a browser's push service looks like, by a reading of its own.</summary>
public sealed class EndpointFuzzTests
{
    private static readonly EndpointPolicy s_policy = new([]);

    private static readonly string[] s_parts =
    [
        "https", "http", ":", "/", "//", "\\", "@", "#", "?", ".", "..", "%2e", "%2f", "%00", "%40", "\0", "\t", "\n", " ", "fcm.googleapis.com", "web.push.apple.com",
        "push.apple.com", "updates.push.services.mozilla.com", "wns2-am3p.notify.windows.com", "evil.example", "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1",
        "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "localhost", "443", "8443", "user", "path", "\u3002", "\uff0e", "\u00ad", "\u0441", "xn--", "-", "a",
    ];

    private static readonly Gen<string> s_url = Gen.Frequency(
        (3, Gen.Int[0, s_parts.Length - 1].Select(at => s_parts[at]).Array[1, 9].Select(string.Concat)),
        (3, Gen.Int[0, s_parts.Length - 1].Select(at => s_parts[at]).Array[0, 6].Select(parts => "https://fcm.googleapis.com" + string.Concat(parts))),
        (3, Gen.Int[0, s_parts.Length - 1].Select(at => s_parts[at]).Array[0, 6].Select(parts => "https://" + string.Concat(parts) + ".push.apple.com/x")),
        (1, Gen.String));

    [Fact]
    public void What_passes_goes_to_an_allowed_name_over_TLS_and_nowhere_else()
    {
        var passed = 0;
        s_url.Sample(
            text =>
            {
                if (s_policy.Check(text, out var url) is not null)
                {
                    Assert.Null(url);
                    return;
                }

                Interlocked.Increment(ref passed);
                Assert.All(text, c => Assert.InRange(c, '!', '~'));
                Assert.StartsWith("https://", text, StringComparison.Ordinal);
                Assert.True(text.AsSpan().IndexOfAny("\\#") < 0);
                var authority = text["https://".Length..].Split('/', '?')[0];
                var host = authority.EndsWith(":443", StringComparison.Ordinal) ? authority[..^4] : authority;
                Assert.All(host, c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '.' or '-'));
                Assert.True(
                    host is "fcm.googleapis.com" or "android.googleapis.com" or "jmt17.google.com" || host.EndsWith(".push.services.mozilla.com", StringComparison.Ordinal)
                    || host.EndsWith(".push.apple.com", StringComparison.Ordinal) || host.EndsWith(".notify.windows.com", StringComparison.Ordinal),
                    host);
                Assert.Equal(("https", host, 443, ""), (url!.Scheme, url.Host, url.Port, url.UserInfo));
            },
            iter: Fuzz.Times(20_000));
        Assert.NotEqual(0, passed);
    }
}
