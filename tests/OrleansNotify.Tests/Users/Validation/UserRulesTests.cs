using OrleansNotify.Users.Validation;

namespace OrleansNotify.Tests.Users.Validation;

public class UserRulesTests
{
    [Fact]
    public void Nothing_given_is_right()
    {
        Assert.Empty(UserRules.Check(new UserUpdate(), out var stored));
        Assert.Equal((null, "en"), (stored.Email, stored.Locale));
    }

    [Theory]
    [InlineData("a@b.example", "a@b.example")]
    [InlineData("A.b+c@MÜNCHEN.example", "A.b+c@xn--mnchen-3ya.example")]
    public void An_address_comes_out_in_the_form_in_which_it_is_stored(string given, string stored)
    {
        Assert.Empty(UserRules.Check(new UserUpdate { Email = given, TelegramChatId = "-1001234567890", Locale = "pt-BR" }, out var update));
        Assert.Equal((stored, "-1001234567890", "pt-BR"), (update.Email, update.TelegramChatId, update.Locale));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("A <a@b.example>")]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    public void A_malformed_address_is_refused(string given)
    {
        var (field, texts) = Assert.Single(UserRules.Check(new UserUpdate { Email = given }, out var stored));
        Assert.Equal("email", field);
        Assert.Equal(["Must be one plain address, such as a@b.example, without a display name."], texts);
        Assert.Null(stored.Email);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@name")]
    [InlineData("0")]
    [InlineData("+1")]
    [InlineData("007")]
    [InlineData("9223372036854775808")]
    public void A_malformed_chat_is_refused(string given)
    {
        var (field, texts) = Assert.Single(UserRules.Check(new UserUpdate { TelegramChatId = given }, out _));
        Assert.Equal("telegram_chat_id", field);
        Assert.Contains("a @name does not do", Assert.Single(texts));
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("gsw", true)]
    [InlineData("zh-Hant-TW", true)]
    [InlineData("es-419", true)]
    [InlineData("aa-23456789-23456789-23456789-23456", true)]
    [InlineData("aa-23456789-23456789-23456789-234567", false)]
    [InlineData("aa-234567890", false)]
    [InlineData("", false)]
    [InlineData("e", false)]
    [InlineData("english", false)]
    [InlineData("pt-", false)]
    [InlineData("en\n", false)]
    [InlineData("../en", false)]
    public void A_locale_is_a_language_tag(string given, bool right)
    {
        var errors = UserRules.Check(new UserUpdate { Locale = given }, out _);
        Assert.Equal(right ? [] : ["locale"], errors.Keys);
    }

    [Theory]
    [InlineData("en_US", "en-US")]
    [InlineData("DE", "de")]
    [InlineData("pt-br", "pt-BR")]
    [InlineData("EN_us", "en-US")]
    [InlineData("ZH_HANS_cn", "zh-Hans-CN")]
    [InlineData("sl-ROZAJ-biske", "sl-rozaj-biske")]
    [InlineData("de-1996", "de-1996")]
    [InlineData("es_419", "es-419")]
    [InlineData("EN-u-hc-H12", "en-u-hc-h12")]
    [InlineData("de-de-X-Phonebk-DE", "de-DE-x-phonebk-de")]
    public void A_locale_is_stored_in_the_one_form_that_the_standard_gives_it(string given, string stored)
    {
        Assert.Empty(UserRules.Check(new UserUpdate { Locale = given }, out var update));
        Assert.Equal(stored, update.Locale);
        Assert.Empty(UserRules.Check(new UserUpdate { Locale = update.Locale }, out var again));
        Assert.Equal(update, again);
    }
}
