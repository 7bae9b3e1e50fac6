using System.Net;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class EndpointPolicyTests
{
    private static readonly EndpointPolicy BuiltIn = new([]);
    private static readonly EndpointPolicy Own = new(["http://127.0.0.1:8090", "https://push.example", "http://[::1]:81"]);

    [Theory]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc:APA91b_x-y", "https://fcm.googleapis.com")]
    [InlineData("https://fcm.googleapis.com:443/wp/abc", "https://fcm.googleapis.com")]
    [InlineData("https://FCM.googleapis.com/wp/abc", "https://fcm.googleapis.com")]
    [InlineData("https://android.googleapis.com/gcm/send/abc", "https://android.googleapis.com")]
    [InlineData("https://jmt17.google.com/fcm/send/abc", "https://jmt17.google.com")]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/gAAA_-=", "https://updates.push.services.mozilla.com")]
    [InlineData("https://web.push.apple.com/QGuQy", "https://web.push.apple.com")]
    [InlineData("https://api.sandbox.push.apple.com/x", "https://api.sandbox.push.apple.com")]
    [InlineData("https://wns2-am3p.notify.windows.com/w/?token=BQYAAA%2b%2f", "https://wns2-am3p.notify.windows.com")]
    public void The_browsers_push_services_are_allowed(string endpoint, string origin)
    {
        Assert.Null(BuiltIn.Check(endpoint, out var url));
        Assert.Equal(origin, EndpointPolicy.Origin(url!));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8090/push/abc", true, true)]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc", true, false)]
    [InlineData("https://own.example/abc", false, true)]
    [InlineData("http://127.0.0.1:8091/push/abc", false, false)]
    [InlineData("http://fcm.googleapis.com/fcm/send/abc", false, false)]
    public void The_sandbox_is_allowed_beside_whichever_list_there_is(string endpoint, bool besideBuiltIn, bool besideOwn)
    {
        EndpointPolicy builtIn = new([], "http://127.0.0.1:8090"), own = new(["https://own.example"], "http://127.0.0.1:8090");

        Assert.Equal((besideBuiltIn, besideOwn), (builtIn.Check(endpoint, out _) is null, own.Check(endpoint, out _) is null));
        Assert.True(builtIn.MayConnect(new DnsEndPoint("127.0.0.1", 8090), IPAddress.Loopback));
        Assert.False(builtIn.MayConnect(new DnsEndPoint("fcm.googleapis.com", 443), IPAddress.Loopback));
    }

    /// <summary>What may not be called, and what an attacker hopes for.</summary>
    public static TheoryData<string, string> Hostile => new()
    {
        { "", "nothing" },
        { "/push/abc", "a relative one" },
        { "fcm.googleapis.com/abc", "no scheme" },
        { "//fcm.googleapis.com/abc", "the scheme of whoever reads it" },
        { "http://fcm.googleapis.com/abc", "no TLS" },
        { "https://fcm.googleapis.com:8443/abc", "another port" },
        { "https://fcm.googleapis.com:22/abc", "the port of another protocol" },
        { "https://fcm.googleapis.com:0/abc", "port 0" },
        { "https://fcm.googleapis.com:99999/abc", "a port that is none" },
        { "https://fcm.googleapis.com:/abc", "an empty port" },
        { "ftp://fcm.googleapis.com/abc", "FTP" },
        { "file:///etc/passwd", "a file" },
        { "file://fcm.googleapis.com/etc/passwd", "a file of a host" },
        { "gopher://127.0.0.1:6379/_FLUSHALL", "Redis by gopher" },
        { "javascript:alert(1)", "a script" },
        { "data:text/plain,x", "data" },
        { "HTTPS://fcm.googleapis.com/abc", "a scheme in capitals, which no browser gives" },
        { "https://127.0.0.1/abc", "loopback" },
        { "https://localhost/abc", "loopback by name" },
        { "https://127.1/abc", "loopback in short" },
        { "https://2130706433/abc", "loopback as one number" },
        { "https://0x7f000001/abc", "loopback in hexadecimal" },
        { "https://0177.0.0.1/abc", "loopback in octal" },
        { "https://0/abc", "this host" },
        { "https://[::1]/abc", "loopback in IPv6" },
        { "https://[::ffff:127.0.0.1]/abc", "loopback mapped into IPv6" },
        { "https://[fe80::1%25eth0]/abc", "a link-local address with its zone" },
        { "https://169.254.169.254/latest/meta-data/", "a cloud's metadata" },
        { "https://metadata.google.internal/computeMetadata/v1/", "a cloud's metadata by name" },
        { "https://10.0.0.1/abc", "an inner address" },
        { "https://redis:6379/abc", "an inner name" },
        { "https://8.8.8.8/abc", "a public address" },
        { "https://evil.example/abc", "any host" },
        { "https://fcm.googleapis.com.evil.example/abc", "an allowed name in front" },
        { "https://evil-fcm.googleapis.com/abc", "a longer name" },
        { "https://evilfcm.googleapis.com/abc", "a longer name without a dash" },
        { "https://sub.fcm.googleapis.com/abc", "a name below one that is allowed alone" },
        { "https://push.apple.com/abc", "a domain itself" },
        { "https://evilpush.apple.com/abc", "a domain without its dot" },
        { "https://web.push.apple.com./abc", "the dot of the root" },
        { "https://notify.windows.com/abc", "another domain itself" },
        { "https://xnotify.windows.com/abc", "another domain without its dot" },
        { "https://user@fcm.googleapis.com/abc", "a user" },
        { "https://fcm.googleapis.com@evil.example/abc", "an allowed name as user" },
        { "https://fcm.googleapis.com:443@evil.example/abc", "an allowed name as user and password" },
        { "https://evil.example#@fcm.googleapis.com/abc", "an allowed name in the fragment" },
        { "https://evil.example?@fcm.googleapis.com/abc", "an allowed name in the query" },
        { "https://fcm.googleapis.com?x", "a query without a path" },
        { @"https://evil.example\@fcm.googleapis.com/abc", "a backslash that some read as a slash" },
        { @"https://fcm.googleapis.com\.evil.example/abc", "a backslash in the name" },
        { @"https:\\fcm.googleapis.com/abc", "backslashes for slashes" },
        { "https:/fcm.googleapis.com/abc", "a slash too few" },
        { "https:///fcm.googleapis.com/abc", "a slash too many" },
        { "https://fcm.googleapis.com/abc#part", "a fragment" },
        { "https://fcm.googleapis.com/a b", "a space" },
        { " https://fcm.googleapis.com/abc", "a space in front" },
        { "https://fcm.googleapis.com/abc\n", "a line's end at the end" },
        { "https://fcm.googleapis.com/a\r\nHost: evil.example", "another header" },
        { "https://fcm.googleapis.com/a\tb", "a tab" },
        { "https://fcm.googleapis.com/a\0b", "a zero" },
        { "https://fcm.google\u00adapis.com/abc", "a soft hyphen" },
        { "https://\uff46cm.googleapis.com/abc", "a full-width letter" },
        { "https://fcm\u3002googleapis.com/abc", "an ideographic full stop" },
        { "https://f\u0441m.googleapis.com/abc", "a Cyrillic letter" },
        { "https://fcm%2egoogleapis.com/abc", "an escape in the name" },
        { "https://fcm.googleapis.com%00.evil.example/abc", "an escaped zero in the name" },
        { "https://fcm.googleapis.com%2f.evil.example/abc", "an escaped slash in the name" },
        { "https://.push.apple.com/abc", "an empty label" },
        { "https://[::1].push.apple.com/abc", "an address as a label" },
        { "https://[]/abc", "no address" },
        { $"https://fcm.googleapis.com/{new string('a', 2048)}", "too long a one" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void Nothing_else_is_called(string endpoint, string why)
    {
        foreach (var policy in new[] { BuiltIn, Own })
        {
            Assert.True(policy.Check(endpoint, out var url) is not null, why);
            Assert.Null(url);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:8090/push/abc", true)]
    [InlineData("http://[::1]:81/push/abc", true)]
    [InlineData("https://push.example/abc", true)]
    [InlineData("https://push.example:443/abc", true)]
    [InlineData("https://fcm.googleapis.com/abc", false)]
    [InlineData("http://127.0.0.1:8091/push/abc", false)]
    [InlineData("http://127.0.0.1/push/abc", false)]
    [InlineData("https://127.0.0.1:8090/push/abc", false)]
    [InlineData("http://localhost:8090/push/abc", false)]
    [InlineData("http://push.example/abc", false)]
    [InlineData("https://a.push.example/abc", false)]
    public void Origins_that_are_listed_replace_the_built_in_ones(string endpoint, bool allowed) =>
        Assert.Equal(allowed, Own.Check(endpoint, out _) is null);

    [Fact]
    public void What_is_wrong_is_said()
    {
        Assert.Equal("Must have at most 2048 characters.", BuiltIn.Check(new string('a', 2049), out _));
        Assert.Equal("Must be the URL of a push service.", BuiltIn.Check("https://a b/", out _));
        Assert.Equal("Must be of a push service that is allowed here.", BuiltIn.Check("https://evil.example/", out _));
    }

    [Theory]
    [InlineData("fcm.googleapis.com", 443, "142.250.74.106", true)]
    [InlineData("fcm.googleapis.com", 443, "127.0.0.1", false)]
    [InlineData("fcm.googleapis.com", 443, "::ffff:10.0.0.1", false)]
    [InlineData("push.example", 443, "10.0.0.1", true)]
    [InlineData("push.example", 8443, "10.0.0.1", false)]
    [InlineData("127.0.0.1", 8090, "127.0.0.1", true)]
    [InlineData("127.0.0.1", 6379, "127.0.0.1", false)]
    [InlineData("[::1]", 81, "::1", true)]
    [InlineData("::1", 81, "::1", true)]
    public void A_name_that_leads_inside_is_not_followed_unless_it_is_listed(string host, int port, string address, bool may) =>
        Assert.Equal(may, Own.MayConnect(new DnsEndPoint(host, port), IPAddress.Parse(address)));
}
