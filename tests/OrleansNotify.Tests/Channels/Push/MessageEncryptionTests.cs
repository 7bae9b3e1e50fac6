using System.Buffers.Text;
using System.Security.Cryptography;
using CsCheck;
using OrleansNotify.Channels.Push;
using OrleansNotify.Sandbox.Push;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class MessageEncryptionTests
{
    // RFC 8291, Appendix A.
    private const string Text = "V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24";
    private const string SenderPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private const string SenderPublic = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
    private const string DevicePrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    private const string DevicePublic = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Salt = "DGv6ra1nlYgDCS1FRnbzlw", Auth = "BTBZMqHH6r4Tts7J_aSIgg";
    private const string Body =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4M"
        + "qgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void The_example_of_RFC_8291_comes_out_byte_for_byte()
    {
        using var sender = Key(SenderPublic, SenderPrivate);

        var body = MessageEncryption.Encrypt(Bytes(Text), Bytes(DevicePublic), Bytes(Auth), sender, Bytes(Salt));

        Assert.Equal(144, body.Length);
        Assert.Equal(Body, Base64Url.EncodeToString(body));
    }

    [Fact]
    public void The_sandbox_reads_the_example_of_RFC_8291()
    {
        using var device = Key(DevicePublic, DevicePrivate);

        Assert.Equal(Bytes(Text), PushDecryption.Decrypt(Bytes(Body), device, Bytes(DevicePublic), Bytes(Auth)));
    }

    [Fact]
    public void Any_text_that_fits_is_read_by_its_device_alone() =>
        Gen.Byte.Array[0, MessageEncryption.LongestText].Sample(
            text =>
            {
                using var device = Key(DevicePublic, DevicePrivate);
                var body = MessageEncryption.Encrypt(text, Bytes(DevicePublic), Bytes(Auth));

                Assert.Equal(text, PushDecryption.Decrypt(body, device, Bytes(DevicePublic), Bytes(Auth)));
                Assert.Equal(86 + text.Length + 17, body.Length);
                Assert.ThrowsAny<CryptographicException>(() => PushDecryption.Decrypt(body, device, Bytes(DevicePublic), new byte[16]));
            },
            iter: 100);

    [Fact]
    public void Salt_and_key_are_used_once()
    {
        var first = MessageEncryption.Encrypt("x"u8, Bytes(DevicePublic), Bytes(Auth));
        var second = MessageEncryption.Encrypt("x"u8, Bytes(DevicePublic), Bytes(Auth));

        Assert.NotEqual(first[..16], second[..16]);
        Assert.NotEqual(first[21..86], second[21..86]);
    }

    [Fact]
    public void The_longest_text_fills_what_a_service_has_to_take_and_no_more_is_encrypted()
    {
        Assert.Equal(3993, MessageEncryption.LongestText);
        Assert.Equal(4096, MessageEncryption.Encrypt(new byte[3993], Bytes(DevicePublic), Bytes(Auth)).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageEncryption.Encrypt(new byte[3994], Bytes(DevicePublic), Bytes(Auth)));
    }

    [Theory]
    [InlineData(DevicePublic, true), InlineData(SenderPublic, true)]
    [InlineData("", false), InlineData("BCVxsr7N", false)]
    [InlineData("ACVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", false)]
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8", false)]
    [InlineData("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false)]
    [InlineData("BP__________________________________________________________________________________________", false)]
    public void A_point_is_on_the_curve_or_it_is_none(string point, bool isPoint) => Assert.Equal(isPoint, P256.IsPoint(Bytes(point)));

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    private static ECDiffieHellman Key(string point, string secret) =>
        ECDiffieHellman.Create(P256.Read(Bytes(point)) with { D = Bytes(secret) });
}
